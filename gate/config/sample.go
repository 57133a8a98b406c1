package config

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// sample holds a commented configuration that Load accepts unchanged.
//
//go:embed sample
var sample embed.FS

// SampleMain is the main file of the sample.
const SampleMain = "gate.yaml"

// SampleFiles returns the sample by file name, ready for LoadFiles. Its closes and positions are
// dated tradeDate (yyyymmdd, from the caller's clock), so that they are fresh.
func SampleFiles(tradeDate int) map[string][]byte {
	date := fmt.Sprintf("%04d-%02d-%02d", tradeDate/10000, tradeDate/100%100, tradeDate%100)
	files := map[string][]byte{}
	entries, _ := fs.ReadDir(sample, "sample") // cannot fail: embedded
	for _, entry := range entries {
		data, _ := fs.ReadFile(sample, path.Join("sample", entry.Name()))
		files[entry.Name()] = []byte(strings.ReplaceAll(string(data), "@DATE@", date))
	}
	return files
}

// Alone makes of the sample's files those of one person's machine: nothing waits for another.
func Alone(files map[string][]byte) map[string][]byte {
	files[SampleMain] = bytes.Replace(files[SampleMain], []byte("approval: four_eyes "), []byte("approval: none      "), 1)
	return files
}

// Sample writes files of SampleFiles into a folder, which it creates. It never overwrites: when one of the
// files is there already, it writes nothing and the error names them.
func Sample(dir string, files map[string][]byte) error {
	var taken []error
	for name := range files {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			taken = append(taken, fmt.Errorf("%s is there already; choose an empty folder", filepath.Join(dir, name)))
		}
	}
	if err := errors.Join(taken...); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o640); err != nil {
			return err
		}
	}
	return nil
}
