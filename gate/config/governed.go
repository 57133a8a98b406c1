package config

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"maps"
	"reflect"
	"slices"
	"time"
)

// Governed names what two people answer for: a SHA-256 over every setting that could loosen a check, by the rows of
// settingsTable, over the contents of data dictionaries and the authorities of peers, and over limits that are set for a time with their ends. What checks nothing, and the
// day's data, is not in it, positions, closes and prices above all: an approval does not lapse because a file of the day has come.
func (c *Config) Governed() [32]byte {
	w := governing{sha256.New()}
	w.value(reflect.ValueOf(c).Elem())
	for _, name := range slices.Sorted(maps.Keys(c.dictionaryNames())) {
		content, _ := c.Dictionary(name)
		w.bytes([]byte(name))
		w.bytes(content)
	}
	for _, name := range slices.Sorted(maps.Keys(c.authorityNames())) {
		w.bytes([]byte(name))
		w.bytes(c.authorities(name))
	}
	w.bytes(linesOf(c.overlay))
	return [32]byte(w.Sum(nil))
}

// governing writes values so that no two of them read the same.
type governing struct{ hash.Hash }

func (w governing) number(n uint64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], n)
	w.Write(b[:])
}

func (w governing) bytes(b []byte) {
	w.number(uint64(len(b)))
	w.Write(b)
}

func (w governing) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		w.number(0)
		if v.Bool() {
			w.number(1)
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		w.number(uint64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		w.number(v.Uint())
	case reflect.String:
		w.bytes([]byte(v.String()))
	case reflect.Slice, reflect.Array:
		w.number(uint64(v.Len()))
		for i := range v.Len() {
			w.value(v.Index(i))
		}
	case reflect.Map:
		w.entries(v)
	case reflect.Pointer:
		w.pointer(v)
	case reflect.Struct:
		w.fields(v)
	default:
		panic(fmt.Sprintf("config: %s cannot be approved", v.Type())) // no field has such a type: a test gives it all of them
	}
}

// entries writes a map in the order of what its entries are.
func (w governing) entries(v reflect.Value) {
	var sums [][]byte
	for at := v.MapRange(); at.Next(); {
		one := governing{sha256.New()}
		one.value(at.Key())
		one.value(at.Value())
		sums = append(sums, one.Sum(nil))
	}
	slices.SortFunc(sums, bytes.Compare)
	w.number(uint64(len(sums)))
	for _, sum := range sums {
		w.Write(sum)
	}
}

// pointer writes what is pointed to. A time zone is its name: the rest of it remembers what it was asked last.
func (w governing) pointer(v reflect.Value) {
	switch {
	case v.IsNil():
		w.number(0)
	case v.Type() == reflect.TypeFor[*time.Location]():
		w.number(1)
		w.bytes([]byte((*time.Location)(v.UnsafePointer()).String()))
	default:
		w.number(1)
		w.value(v.Elem())
	}
}

// fields writes a struct: where its fields have rows, those that are not free.
func (w governing) fields(v reflect.Value) {
	typ := v.Type()
	for i := range typ.NumField() {
		f := typ.Field(i)
		row, listed := settingsTable[typ.Name()+"."+f.Name]
		switch {
		case row.rule.onePerson() && listed, !f.IsExported() && typ == reflect.TypeFor[Config](): // what it knows of itself
		case row.rule == tableOf:
			for n := range v.Field(i).Len() {
				w.bytes([]byte(entryName(v.Field(i).Index(n))))
			}
			fallthrough
		default:
			w.value(v.Field(i))
		}
	}
}
