package config

// readAlerts reads where alerts go, in the order in which the sinks are asked.
func (l *loader) readAlerts(top *mapping) {
	at := top.placeOf("alerts")
	for _, entry := range top.entries("alerts") {
		s := AlertSink{To: entry.word("to", "", ToStderr, ToFile, ToSocket, ToCommand)}
		switch s.To {
		case ToFile, ToSocket:
			s.Path = entry.need("path").text
		case ToCommand:
			for _, word := range entry.list("run") {
				s.Command = append(s.Command, word.text)
			}
			if len(s.Command) == 0 {
				l.add(entry.at, "a command without words", "write run: [/path/of/program, argument]")
				s.Command = []string{""}
			}
		}
		entry.close()
		l.config.Alerts = append(l.config.Alerts, s)
	}
	if len(l.config.Alerts) > 0 && l.config.Gate.Shadow.Off {
		l.add(at, "alerts without a shadow: it is what hands them over", "write gate.shadow: {run: true}")
	}
}
