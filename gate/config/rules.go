package config

// rule says which of two values of a setting is the tighter. Every setting has one: what has none may loosen whatever
// it is changed to.
type rule uint8

const (
	unlisted       rule = iota
	free                // it checks nothing: no value is the tighter
	daily               // data of a day, which one person brings each day: dated, and taken by a verb that says so in the journal, or by two people
	fixed               // any other value may loosen
	refers              // names an entry of another table; as fixed
	refersIfAny         // names an entry, which restricts; None does not
	atMost              // the smaller
	atLeast             // the greater
	atMostUnless0       // the smaller; 0 is not checked
	restriction         // any that is not 0; of those as fixed
	bits                // the one with more bits
	mustBe              // true
	mustNotBe           // false
	fewer               // what both lists allow
	more                // what either list forbids
	networks            // those that lie in the others
	rate                // the Throttle that lets fewer pass
	limitsIfAny         // a pointer to a struct that restricts: any, then by the rules of its fields
	inside              // a struct, or an array of some, whose fields have rules of their own
	tableOf             // a list of entries that have names: each has rules of its own, and a new one is shut
	routesAsBefore      // Routes: as fixed
	lowest              // []OrderRule: what either allows
	throttled           // []risk.Throttle: those that were there, where one of them lets less pass
	lowerOfEach         // *risk.Measures: the lower of each
	lowestParts         // []Slice: the lower of each
	together            // judged with others: tightening.lists
)

// onePerson reports whether one person changes it, whatever it is changed to.
func (r rule) onePerson() bool { return r == free || r == daily }

// refers reports whether a value may name what is gone.
func (r rule) refers() bool { return r == refers || r == refersIfAny || r == routesAsBefore }

// unit is how a value is written.
type unit uint8

const (
	plainUnit    unit = iota
	qtyUnit           // at 1e-8
	moneyUnit         // at 1e-4
	msUnit            // nanoseconds as milliseconds
	accountsUnit      // indices of Accounts
	clientsUnit       // indices of Clients
)

// setting is the rule of one field, and its key in the files.
type setting struct {
	rule rule
	key  string
	unit unit
}

// settingsTable has a row for every field of a configuration, by type and name: the test fails where one lacks. What is free says why,
// but for names, by which entries are found, places in files, and TLS, which is what Session.Security comes to.
var settingsTable = map[string]setting{
	"Config.Gate": {inside, "gate", 0}, "Config.Currency": {fixed, "money.currency", 0}, "Config.Firm": {inside, "firm", 0}, "Config.FirmOrders": {lowest, "firm.types, symbols", 0}, "Config.FirmThrottles": {throttled, "firm.throttles", 0},
	"Config.Venues": {tableOf, "venue", 0}, "Config.Routes": {routesAsBefore, "routes", 0}, "Config.Controls": {free, "controls", 0}, // who answers for them, and why
	"Config.Soft": {fewer, "controls: pass_within_ms", 0}, "Config.Breaches": {restriction, "controls: on_breach", 0},
	"Config.Groups": {tableOf, "group", 0}, "Config.Clients": {tableOf, "client", 0}, "Config.Desks": {tableOf, "desk", 0},
	"Config.Traders": {tableOf, "trader", 0}, "Config.Algos": {tableOf, "algo", 0}, "Config.Links": {tableOf, "link", 0},
	"Config.CancelOpen": {fixed, "controls: open_orders", 0}, "Config.Lists": {together, "lists", 0}, "Config.ListUses": {together, "lists", 0},
	"Config.Participants": {free, "fix.participants", 0}, // its name: what is in it has rows of its own
	"Config.Accounts":     {tableOf, "account", 0},
	"Config.Instruments":  {tableOf, "instrument", 0}, "Config.Alerts": {fixed, "alerts", 0}, // a sink less is a human less who looks, and one more may be a program
	"Config.DropCopy": {inside, "", 0},
	"Config.Copiers":  {tableOf, "drop copy", 0}, "Config.BreakNs": {atMost, "recon.break_after_ms", msUnit}, // those that go: tightening.tables
	"Copier.Session": {inside, "", 0}, "Copier.TLS": {free, "", 0}, "Copier.CertificateNames": {fewer, "certificate_names", 0}, "Copier.Login": {inside, "", 0},
	"Copier.Venue": {refers, "venue", 0}, "Copier.TradeAcks": {fixed, "trade_acks", 0}, // who is not answered may tell no more
	"Copier.Password": {free, "password_file", 0}, // as of Login

	// A session of gate dropcopy gives out what clients do. Where it keeps what it has sent does not matter to them.
	"DropCopy.File": {free, "sessions", 0}, "DropCopy.StoreDir": {free, "store", 0}, "DropCopy.Sessions": {tableOf, "drop copy", 0},
	"DropSession.Session": {inside, "", 0}, "DropSession.TLS": {free, "", 0}, "DropSession.CertificateNames": {fewer, "certificate_names", 0},
	"DropSession.Login": {inside, "", 0}, "DropSession.Clients": {fewer, "clients", clientsUnit}, "DropSession.Accounts": {fewer, "accounts", accountsUnit},
	"DropSession.All": {mustNotBe, "clients: all", 0}, "DropSession.NoOrders": {mustBe, "orders: false", 0},

	// What these files say is of one date. Positions have a row count and a control total as well, marks and splits are the word of two people
	// whatever their files say, and so is the end of a trigger: it takes two under four eyes.
	"Config.Positions": {daily, "data.positions", 0}, "Config.PositionsDate": {daily, "data.positions", 0}, "Config.PositionsFile": {free, "data.positions", 0}, "Config.Closes": {daily, "data.positions", 0},
	"Config.Splits": {daily, "data.splits", 0}, "Config.SplitsFile": {free, "data.splits", 0},
	"Config.PricesFile": {free, "data.prices", 0}, "Config.Marks": {daily, "data.marks", 0}, "Config.MarksFile": {free, "data.marks", 0},
	"Config.Borrow": {daily, "data.locates", 0}, "Config.LocatesFile": {free, "data.locates", 0}, "Config.EasyFile": {free, "data.easy_to_borrow", 0}, "Config.TriggersFile": {free, "data.short_sale_triggers", 0},
	"Config.PhaseRules": {tableOf, "phases", 0}, "PhaseRules.Name": {free, "", 0}, "PhaseRules.Permits": {inside, "", 0},
	"PhasePermit.OrdTypes": {fewer, "ord_types", 0}, "PhasePermit.TimeInForces": {fewer, "tifs", 0},
	"Config.Unapproved": {mustBe, "not approved yet", 0}, "Config.Files": {free, "", 0}, "Config.Warnings": {free, "", 0}, "Config.Keys": {free, "", 0},

	// Places and names: another journal is told apart where it is opened (see recovery.Standing), a tail that is not found is a loss that
	// stops venues, and who may use the admin socket its group says. What is asked of the host, and how much there is room for, changes no verdict
	// but that of a full table.
	"Gate.Name": {free, "name", 0}, "Gate.JournalDir": {free, "journal", 0}, "Gate.TailDir": {free, "tail", 0}, "Gate.AdminSocket": {free, "admin_socket", 0},
	"Gate.IO": {free, "io", 0}, "Gate.AwakeNs": {free, "awake_us", 0}, "Gate.CPU": {free, "cpu", 0}, "Gate.Realtime": {free, "realtime", 0}, "Gate.Nice": {free, "nice", 0}, "Gate.MessageBytesMax": {free, "message_bytes_max", 0},
	"Gate.SegmentBytes": {free, "segment_bytes", 0}, "Gate.TailSegments": {free, "tail_segments", 0}, "Gate.Capacity": {inside, "capacity", 0},
	"Capacity.Links": {free, "links", 0}, "Capacity.Venues": {free, "venues", 0}, "Capacity.Clients": {free, "clients", 0}, "Capacity.Accounts": {free, "accounts", 0},
	"Capacity.Instruments": {free, "instruments", 0}, "Capacity.Groups": {free, "groups", 0}, "Capacity.Desks": {free, "desks", 0}, "Capacity.Traders": {free, "traders", 0},
	"Capacity.Algos": {free, "algos", 0}, "Capacity.OpenOrders": {free, "open_orders", 0}, "Capacity.ClOrdIDs": {free, "clordids", 0}, "Capacity.Executions": {free, "executions", 0},

	"Gate.AdminGroup": {fixed, "admin_group", 0}, "Gate.Approval": {atLeast, "approval", 0},
	"Gate.KillFile": {restriction, "kill_file", 0}, "Gate.KillSocket": {restriction, "kill_socket", 0}, "Gate.KillGroup": {restriction, "kill_group", 0}, // fewer could kill
	"Gate.JournalKill": {restriction, "journal_loss", 0}, "Gate.ClockKill": {restriction, "clock.breach", 0},
	"Gate.PriceSocket": {fixed, "price_socket", 0}, "Gate.Proxies": {networks, "trusted_proxies", 0}, "Gate.Durability": {atLeast, "durability", 0},
	"Gate.ClockForbidden": {bits, "clock.forbid", 0}, "Gate.EgressKills": {mustBe, "egress_difference: kill_firm", 0}, "Gate.Shadow": {inside, "shadow", 0},
	"Gate.TradeDate": {fixed, "trade_date", 0}, "Gate.Calendar": {fixed, "roll", 0}, "Gate.ExecutionDays": {atLeast, "execution_days", 0},
	"Gate.Watchdog": {inside, "watchdog", 0}, "Watchdog.StallNs": {atMost, "stall_ms", msUnit}, "Watchdog.StallKills": {mustBe, "on_stall: kill", 0}, "Watchdog.Restarts": {rate, "restarts", 0},

	"Shadow.Off": {mustNotBe, "run: false", 0}, "Shadow.Records": {free, "records", 0}, // how often there is a snapshot: the state is the same
	"Shadow.DifferenceKills": {mustBe, "difference: kill_firm", 0},
	"Shadow.Losses":          {inside, "losses", 0}, "LiveLosses.Price": {fixed, "price", 0}, "LiveLosses.EveryNs": {atMost, "every_ms", msUnit},
	"LiveLosses.QuoteAgeMaxNs": {fixed, "quote_age_ms", msUnit}, "LiveLosses.LastAgeMaxNs": {fixed, "last_age_ms", msUnit},

	"Limits.Gross": {atMost, "limits.gross", moneyUnit}, "Limits.Net": {atMost, "limits.net", moneyUnit},
	"Limits.ClosingReserveBps": {atMost, "closing_reserve_bps", 0}, "Limits.Measures": {lowerOfEach, "limits", 0}, "Limits.DailyLoss": {atMostUnless0, "limits.daily_loss", moneyUnit}, "Limits.Warn": {fixed, "limits.warn", 0},
	"Limits.Slices": {lowestParts, "limits.types, limits.symbols", 0},

	"Group.Name": {free, "", 0}, "Group.Limits": {inside, "", 0}, "Group.Orders": {lowest, "types, symbols", 0}, "Group.Throttles": {throttled, "throttles", 0},
	"Client.Name": {free, "", 0}, "Client.Group": {refersIfAny, "group", 0}, "Client.Limits": {inside, "", 0}, "Client.Orders": {lowest, "types, symbols", 0}, "Client.Throttles": {throttled, "throttles", 0},
	"Desk.Name": {free, "", 0}, "Desk.Limits": {inside, "", 0}, "Desk.Orders": {lowest, "types, symbols", 0}, "Desk.Throttles": {throttled, "throttles", 0},
	"Trader.Name": {free, "", 0}, "Trader.Desk": {refersIfAny, "desk", 0}, "Trader.Client": {refersIfAny, "client", 0}, "Trader.Limits": {inside, "", 0}, "Trader.Orders": {lowest, "types, symbols", 0}, "Trader.Throttles": {throttled, "throttles", 0},
	"Algo.Name": {free, "", 0}, "Algo.Client": {refersIfAny, "client", 0}, "Algo.Limits": {inside, "", 0}, "Algo.Orders": {lowest, "types, symbols", 0}, "Algo.Throttles": {throttled, "throttles", 0},

	"Account.Name": {free, "", 0}, "Account.Client": {refers, "client", 0}, "Account.Limits": {inside, "", 0},
	"Account.OrderLimits": {inside, "", 0}, "Account.Orders": {lowest, "types, symbols", 0}, "Account.Throttles": {throttled, "throttles", 0}, "Account.Locate": {atLeast, "locate", 0}, "Account.PhaseRules": {refersIfAny, "phases", 0}, "Account.ExecInsts": {fixed, "exec_insts", 0}, "Account.Capacities": {inside, "capacities", 0}, "Account.Tests": {fixed, "test_symbols", 0},
	"Capacities.Order": {fixed, "", 0}, "Capacities.Customer": {fixed, "customer", 0}, "Account.ShortChecked": {mustBe, "short_checked", 0}, "Account.SelfMatch": {restriction, "self_match", 0}, "Account.SelfMatchAction": {fixed, "self_match_action", 0},
	"OrderLimits.OrderQtyMax": {atMost, "order_qty_max", qtyUnit}, "OrderLimits.OrderQtyMin": {atLeast, "order_qty_min", qtyUnit},
	"OrderLimits.AdvBpsMax": {atMostUnless0, "adv_bps_max", 0}, "OrderLimits.NotionalMax": {atMost, "notional_max", moneyUnit}, "OrderLimits.MarketNotionalMax": {atMost, "market_notional_max", moneyUnit},
	"Account.LongMax": {atMost, "long_max", qtyUnit}, "Account.ShortMax": {atMost, "short_max", qtyUnit},
	"Account.OpenOrdersMax": {atMost, "open_orders_max", 0}, "Account.Repeat": {rate, "repeat", 0}, "Account.RepeatDisables": {mustBe, "repeat_action: disable", 0},
	"Account.Sides": {fewer, "sides", 0}, "Account.OrdTypes": {fewer, "ord_types", 0}, "Account.TimeInForces": {fewer, "tifs", 0}, "Account.OrderFields": {fewer, "order_fields", 0},
	"Account.SellLongChecked": {mustBe, "sell_long_checked", 0}, "Account.StartOfDay": {mustBe, "sod: file", 0},
	"Account.Unapproved": {mustBe, "not approved yet", 0},

	// What only its owner knows is not kept beside a journal, so nothing can be compared with it.
	"Login.Username": {free, "username", 0}, "Login.PasswordHash": {free, "password_hash", 0}, // its print has a rule, and takes it and the name along
	"Login.PasswordPrint": {restriction, "password_hash", 0},
	"Login.NoPassword":    {mustNotBe, "password: none", 0}, "Login.Sources": {networks, "source_addresses", 0},

	"Link.Session": {inside, "", 0}, "Link.TLS": {free, "", 0}, "Link.CertificateNames": {fewer, "certificate_names", 0},
	"Link.Client": {refers, "client", 0}, "Link.Accounts": {fewer, "accounts", accountsUnit}, "Link.DefaultAccount": {refers, "default_account", 0},
	"Link.Login": {inside, "", 0}, "Link.Trader": {refers, "trader", 0}, "Link.Algo": {refers, "algo", 0},
	"Link.NeedsTrader": {mustBe, "attribution: trader", 0}, "Link.NeedsAlgo": {mustBe, "attribution: algo", 0},
	"Link.DirectAccess": {restriction, "direct_access", 0}, "Link.Limits": {limitsIfAny, "limits", 0}, "Link.Orders": {lowest, "types, symbols", 0}, "Link.Throttles": {throttled, "throttles", 0}, "Link.OrderRate": {rate, "order_rate", 0},
	"Link.Answers": {free, "answers", 0}, "Link.ResendNone": {free, "after_reset", 0}, // in which words, and how often, what was decided is told
	"Link.TellLimits": {mustNotBe, "tell_limits", 0},
	"Link.CancelAny":  {mustNotBe, "cancel_scope: client", 0}, "Link.OrderAgeMaxNs": {atMost, "max_order_age_ms", msUnit},
	"Link.Capacities": {inside, "capacities", 0}, "Link.Tests": {fixed, "test_symbols", 0},
	"Link.CancelOnDisconnect": {inside, "cancel_on_disconnect", 0}, "CancelOnDisconnect.On": {mustBe, "", 0},
	"CancelOnDisconnect.GraceNs": {atMost, "grace_ms", msUnit}, "CancelOnDisconnect.GTC": {mustBe, "gtc", 0}, "CancelOnDisconnect.Logout": {mustBe, "logout", 0},

	"Link.PartyActions": {inside, "party_actions", 0}, "PartyActions.Of": {fewer, "parties", 0}, "PartyActions.Suspend": {fixed, "suspend", 0},
	"PartyActions.Halt": {fixed, "halt", 0}, "PartyActions.Reinstate": {mustNotBe, "reinstate", 0},

	"Venue.Name": {free, "", 0}, "Venue.Session": {inside, "", 0}, "Venue.TLS": {free, "", 0},
	"Venue.Username": {fixed, "logon.username", 0}, "Venue.LogonTags": {fixed, "logon.tags", 0}, // in whose name, and on which terms the venue trades
	"Venue.Password": {free, "logon.password_file", 0}, "Venue.RawPassword": {free, "logon.password_tag", 0}, // as of Login
	// How requests are named toward the venue: a start refuses what does not fit, and another name is known apart from those before it.
	"Venue.IDPrefix": {free, "id_prefix", 0}, "Venue.IDBytesMax": {free, "id_length_max", 0}, "Venue.PreserveClOrdID": {free, "clordid", 0},
	"Venue.TagSet": {fixed, "tags.set", 0}, "Venue.TagDrop": {fixed, "tags.drop", 0},
	"Venue.TagReject": {more, "tags.reject", 0}, "Venue.TagPass": {fewer, "tags.pass", 0}, "Venue.Translate": {fewer, "translate", 0},
	"Venue.AccountMap": {fixed, "account_map", 0}, "Venue.SymbolMap": {fixed, "symbol_map", 0},
	"Venue.StatusRequest": {free, "status_request", 0}, // how a doubt is asked about: it stands until it is answered
	"Venue.MassCancel":    {mustNotBe, "mass_cancel", 0},
	"Venue.COD":           {fixed, "cod", 0}, "Venue.DownNs": {atMostUnless0, "kill_when_down: after_ms", msUnit}, "Venue.DownMode": {restriction, "kill_when_down: mode", 0},
	"Venue.UnknownByLink": {mustBe, "on_unknown: link", 0}, "Venue.UnansweredNs": {atMost, "unanswered_ms", msUnit},
	"Venue.Limits": {limitsIfAny, "limits", 0}, "Venue.Orders": {lowest, "types, symbols", 0}, "Venue.CloseCutOff": {limitsIfAny, "close_cutoff", 0},
	"CloseCutOff.At": {fixed, "at", 0}, "CloseCutOff.Until": {fixed, "until", 0}, "CloseCutOff.Zone": {fixed, "zone", 0}, "CloseCutOff.Parts": {fixed, "types, symbols", 0},
	"CloseCutOff.Replace": {mustNotBe, "replace: pass", 0}, "CloseCutOff.Cancel": {mustNotBe, "cancel: pass", 0},
	"Venue.NoCancel": {fixed, "no_cancel", 0}, // it refuses replaces, and keeps the cancels of kills waiting
	"Venue.Statuses": {fixed, "statuses", 0}, "Venue.Timetable": {fixed, "phases: times", 0}, "Venue.MessageBudget": {rate, "message_budget", 0},

	"Instrument.Symbol": {free, "", 0}, "Instrument.Type": {fixed, "type", 0}, "Instrument.Currency": {fixed, "currency", 0},
	"Instrument.Underlying": {free, "underlying", 0},                                                      // what a mass request finds by it: nothing is checked by it
	"Instrument.Multiplier": {free, "multiplier", 0}, "Instrument.PriceFactor": {free, "price_factor", 0}, // Factor has them
	"Instrument.Factor": {atLeast, "multiplier × price_factor × fx", qtyUnit}, "Instrument.Ticks": {fixed, "tick", 0}, "Instrument.Lot": {fixed, "lot", qtyUnit},
	"Instrument.FXAgeMaxNs": {atMost, "money.fx_age", msUnit}, "Instrument.FXAsOfNs": {daily, "money.fx: as_of", 0}, // a lower rate takes two people; meanwhile the higher one stays
	"Instrument.OrderQtyMax": {atMost, "order_qty_max", qtyUnit}, "Instrument.Restricted": {mustBe, "restricted", 0}, "Instrument.Halted": {mustBe, "halted", 0},
	"Instrument.RiskPriceBuy": {fixed, "risk_price_buy", qtyUnit}, "Instrument.RiskPriceSell": {fixed, "risk_price_sell", qtyUnit},
	"Instrument.NegativePrices": {mustNotBe, "negative_prices", 0}, "Instrument.CollarBps": {atMost, "collars: bps", 0},
	"Instrument.BandBps":       {atLeast, "collars: band_bps", 0}, // what is reserved beyond the reference
	"Instrument.QuoteAgeMaxNs": {atMost, "collars: quote_age_ms", msUnit}, "Instrument.CloseAgeMaxDays": {atMost, "collars: close_age_days", 0},
	"Instrument.PhaseRules": {refersIfAny, "phases", 0}, "Instrument.Test": {fixed, "test", 0}, "Instrument.Adv": {atMost, "adv", qtyUnit}, "Instrument.Sources": {fixed, "collars: sources", 0},
	"Instrument.CollarAmount": {atMostUnless0, "collars: amount", qtyUnit}, "Instrument.CollarTicks": {atMostUnless0, "collars: ticks", 0},
	"Instrument.WholeCents":   {mustBe, "collars: sub_penny", 0},
	"Instrument.NearTouchBps": {atMostUnless0, "collars: near_touch_bps", 0}, "Instrument.FarTouchBps": {atMostUnless0, "collars: far_touch_bps", 0},
	"Instrument.LastAgeMaxNs": {atMost, "collars: last_age_ms", msUnit}, "Instrument.StaticAgeMaxDays": {atMost, "collars: static_age_days", 0},
	"Instrument.StaticPrice": {fixed, "static_price", qtyUnit}, "Instrument.StaticDate": {fixed, "static_date", 0}, "Instrument.OrdTypes": {fewer, "ord_types", 0}, "Instrument.TimeInForces": {fewer, "tifs", 0}, "Instrument.OrderFields": {fewer, "order_fields", 0},
	"Instrument.Close": {daily, "data.prices", 0}, "Instrument.CloseDate": {daily, "data.prices", 0}, // close_age_days bounds how old it may be

	"Session.Name": {free, "", 0}, "Session.File": {free, "", 0}, "Session.Line": {free, "", 0}, "Session.Initiator": {fixed, "ConnectionType", 0},
	"Session.BeginString": {fixed, "BeginString", 0}, "Session.SenderCompID": {fixed, "SenderCompID", 0}, "Session.TargetCompID": {fixed, "TargetCompID", 0},
	"Session.SenderSubID": {fixed, "SenderSubID", 0}, "Session.TargetSubID": {fixed, "TargetSubID", 0}, "Session.DefaultApplVerID": {fixed, "DefaultApplVerID", 0},
	"Session.HeartBtIntSec": {atMostUnless0, "HeartBtInt", 0}, "Session.HeartBtIntOverride": {mustBe, "HeartBtIntOverride", 0}, // how soon a loss is seen
	"Session.AcceptHost": {fixed, "SocketAcceptHost", 0}, "Session.AcceptPort": {free, "SocketAcceptPort", 0}, // who reaches it decides the host alone
	"Session.ConnectHost": {fixed, "SocketConnectHost", 0}, "Session.ConnectPort": {fixed, "SocketConnectPort", 0},
	"Session.Security": {inside, "", 0}, "Session.UseProxy": {mustNotBe, "UseTCPProxy", 0},

	// How long is waited for a peer, and when numbers begin anew: who does not log on does not trade, and what was not answered under the
	// numbers of before is in doubt until it is settled.
	"Session.TimeoutSec":   {free, "SocketTimeout", 0},
	"Session.ReconnectSec": {free, "ReconnectInterval", 0}, "Session.LogonTimeoutSec": {free, "LogonTimeout", 0}, "Session.LogoutTimeoutSec": {free, "LogoutTimeout", 0},
	"Session.Schedule": {fixed, "StartTime, EndTime", 0}, "Session.ResetOnLogon": {free, "ResetOnLogon", 0}, "Session.ResetOnLogout": {free, "ResetOnLogout", 0},
	"Session.ResetOnDisconnect": {free, "ResetOnDisconnect", 0}, "Session.MaxLatencySec": {atMostUnless0, "MaxLatency", 0}, "Session.Precision": {free, "TimeStampPrecision", 0},
	"Session.EnableLastMsgSeqNumProcessed": {free, "EnableLastMsgSeqNumProcessed", 0}, "Session.EnableNextExpectedMsgSeqNum": {free, "EnableNextExpectedMsgSeqNum", 0},
	"Session.ResendRequestChunkSize": {free, "ResendRequestChunkSize", 0}, "Session.Dictionaries": {inside, "", 0},

	// What the gate itself shows, which its peers judge.
	"Security.Use": {mustBe, "SocketUseSSL", 0}, "Security.Certificate": {free, "SocketCertificateFile", 0}, "Security.Key": {free, "SocketPrivateKeyFile", 0},
	"Security.CA": {inside, "SocketCAFile", 0}, "Security.Mutual": {mustBe, "SocketCAFile of participants", 0}, "Security.ServerName": {fixed, "SocketServerName", 0},
	"Security.TLS12": {mustNotBe, "SocketMinimumTLSVersion=TLS12", 0}, "NamedFile.Name": {fixed, "", 0}, "NamedFile.Line": {free, "", 0},
	"Security.Lists": {inside, "", 0}, "NamedFiles.Names": {more, "SocketCRLFiles", 0}, "NamedFiles.Line": {free, "", 0},

	"Dictionaries.Use": {mustBe, "UseDataDictionary", 0}, "Dictionaries.Session": {fixed, "DataDictionary", 0}, "Dictionaries.App": {fixed, "AppDataDictionary", 0},
	"Dictionaries.Switches":             {inside, "", 0},
	"Switches.ValidateFieldsOutOfOrder": {mustBe, "ValidateFieldsOutOfOrder", 0}, "Switches.ValidateFieldsHaveValues": {mustBe, "ValidateFieldsHaveValues", 0},
	"Switches.ValidateUserDefinedFields": {mustBe, "ValidateUserDefinedFields", 0}, "Switches.ValidateUnorderedGroupFields": {mustBe, "ValidateUnorderedGroupFields", 0},
	"Switches.AllowUnknownMsgFields": {mustNotBe, "AllowUnknownMsgFields", 0}, "Switches.RejectInvalidMessage": {mustBe, "RejectInvalidMessage", 0},
}
