package fix

// dataPair names a length field and the data field that must follow it. A data field's value is
// taken by length, so it may hold SOH and '='.
type dataPair struct{ length, data int }

// dataPairs are all such pairs of the standard dictionaries, FIX.4.0 to FIX.5.0SP2; a test in
// fix/dict compares the two.
var dataPairs = [...]dataPair{
	{90, 91},
	{93, 89},
	{95, 96},
	{212, 213},
	{348, 349},
	{350, 351},
	{352, 353},
	{354, 355},
	{356, 357},
	{358, 359},
	{360, 361},
	{362, 363},
	{364, 365},
	{445, 446},
	{618, 619},
	{621, 622},
	{1184, 1185},
	{1277, 1278},
	{1280, 1281},
	{1282, 1283},
	{1359, 1360},
	{1397, 1398},
	{1401, 1402},
	{1403, 1404},
	{1468, 1469},
	{1618, 1619},
	{1620, 1621},
}

// DataPairs returns the length and data tags of every data field that Index understands.
func DataPairs() [][2]int {
	pairs := make([][2]int, len(dataPairs))
	for i, p := range dataPairs {
		pairs[i] = [2]int{p.length, p.data}
	}
	return pairs
}

// DataOf returns the data field that a length field announces, 0 for any other tag.
func DataOf(tag uint32) uint32 {
	if tag < tagTableSize {
		return classes[tag].dataTag()
	}
	return 0
}
