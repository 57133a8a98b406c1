package admin

import "strings"

// typedVerbs are the verbs that the command line does not spell as a request does.
var typedVerbs = map[Verb]string{Renew: "certificates --renew", ResolveAll: "resolve --venue", CloseBreak: "recon close", KillHard: "kill --hard",
	Undrain: "drain --lift", ShortSale: "shortsale", ShortSaleOff: "shortsale", Settle: "adjust --fraction"}

// Typed is the verb as an operator types it behind gate.
func (v Verb) Typed() string {
	if typed := typedVerbs[v]; typed != "" {
		return typed
	}
	return strings.ReplaceAll(string(v), "_", " ")
}
