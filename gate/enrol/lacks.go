package enrol

import (
	"fmt"
	"slices"
	"strings"

	"portcullis/fix/settings"
	"portcullis/gate/config"
)

// lacks lists what a human has to add before the session is served, in the order in which it is done. exists tells
// whether a file that the session names is there.
func lacks(cfg *config.Config, client string, m *settings.Mirror, sessions []settings.Session, exists func(name string) bool) (list []string) {
	s := &sessions[len(sessions)-1]
	add := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	number := slices.IndexFunc(cfg.Clients, func(c config.Client) bool { return c.Name == client })
	var accounts []int
	for i := range cfg.Accounts {
		if number >= 0 && cfg.Accounts[i].Client == number {
			accounts = append(accounts, i)
		}
	}
	if number < 0 {
		add("client %s with its limits, under clients", client)
	}
	if len(accounts) == 0 {
		add("an account of client %s with its limits, under accounts", client)
	}
	add("an entry under links, as\n%s", entry(cfg, client, m.Name, accounts))
	if m.Login != nil {
		add("their line %d is %s: they log on with a password, which gate passwd turns into password_hash above; nothing of it is copied", m.Login.Line, m.Login.Name)
	}
	if m.TLS != nil {
		add("their line %d asks for TLS (%s): certificates for this link", m.TLS.Line, m.TLS.Name)
	}
	for _, key := range m.Keys {
		if strings.HasSuffix(key.Name, "DataDictionary") && key.Name != "UseDataDictionary" || strings.HasPrefix(key.Name, "AppDataDictionary.") {
			if !exists(key.Value) {
				add("the dictionary %s, in the folder of gate.yaml, or remove %s", key.Value, key.Name)
			}
		}
	}
	list = append(list, routes(cfg, accounts, s)...)
	if used := len(cfg.Links) + len(cfg.Venues) + len(cfg.Copiers); used >= cfg.Gate.Capacity.Links {
		add("room: gate.capacity.links is %d, and all are used", cfg.Gate.Capacity.Links)
	}
	next := "gate check, and then gate reload"
	if others := unentered(cfg, m.Name, sessions); len(others) > 0 {
		next = "entries for " + strings.Join(others, " and ") + " too, which lack theirs as well; " + next
	}
	add("%s; until then a start refuses the files. They connect to %s", next, m.Connect)
	return list
}

// unentered are sessions beside one that gate.yaml has no entry for either.
func unentered(cfg *config.Config, link string, sessions []settings.Session) (names []string) {
	for i := range sessions {
		if name := sessions[i].Name; name != link && place(cfg, name) == "" {
			names = append(names, name)
		}
	}
	return names
}

// entry is a link's entry with marks where only a human knows.
func entry(cfg *config.Config, client, link string, accounts []int) string {
	account := client + "-1"
	if len(accounts) > 0 {
		account = cfg.Accounts[accounts[0]].Name
	}
	return "  - link: " + link + "\n    client: " + client + "\n    default_account: " + account +
		"   # for orders without Account(1)\n    username: <theirs>\n    password_hash: <what gate passwd makes of theirs>\n" +
		"    source_addresses: [<where they come from>]   # unless link_defaults says it"
}

// routes finds what the orders of the accounts could not be sent on.
func routes(cfg *config.Config, accounts []int, s *settings.Session) (list []string) {
	if len(accounts) == 0 {
		accounts = []int{config.None} // the one that is to come
	}
	reached := cfg.Routes.Reached(accounts)
	if len(reached) == 0 {
		list = append(list, "a route for its accounts, under routes")
	}
	for _, i := range reached {
		v := &cfg.Venues[i]
		if version := s.ApplVersion(); v.Session.ApplVersion() != version && !slices.Contains(v.Translate, version) {
			list = append(list, fmt.Sprintf("translate: [%s] for venue %s, which speaks %s, or a route to another", version, v.Name, v.Session.ApplVersion()))
		}
	}
	return list
}
