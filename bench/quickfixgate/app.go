package quickfixgate

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/quickfixgo/quickfix"
	"github.com/shopspring/decimal"
)

// Tags by their FIX names; quickfixgo keeps them in another module.
const (
	tagAccount      quickfix.Tag = 1
	tagAvgPx        quickfix.Tag = 6
	tagClOrdID      quickfix.Tag = 11
	tagCumQty       quickfix.Tag = 14
	tagExecID       quickfix.Tag = 17
	tagLastPx       quickfix.Tag = 31
	tagLastQty      quickfix.Tag = 32
	tagMsgType      quickfix.Tag = 35
	tagOrderID      quickfix.Tag = 37
	tagOrderQty     quickfix.Tag = 38
	tagOrdStatus    quickfix.Tag = 39
	tagOrdType      quickfix.Tag = 40
	tagOrigClOrdID  quickfix.Tag = 41
	tagPrice        quickfix.Tag = 44
	tagSide         quickfix.Tag = 54
	tagSymbol       quickfix.Tag = 55
	tagText         quickfix.Tag = 58
	tagTimeInForce  quickfix.Tag = 59
	tagTransactTime quickfix.Tag = 60
	tagCxlRejReason quickfix.Tag = 102
	tagExecType     quickfix.Tag = 150
	tagLeavesQty    quickfix.Tag = 151
	tagSecondaryID  quickfix.Tag = 198
	tagResponseTo   quickfix.Tag = 434
)

// App is the quickfix.Application of both sides: the clients' sessions and the venue's.
type App struct {
	book    *Book
	clients map[string]quickfix.SessionID // by the client's CompID
	venue   quickfix.SessionID
	venueUp atomic.Bool
	execID  atomic.Int64
}

func (a *App) OnCreate(quickfix.SessionID) {}

func (a *App) OnLogon(id quickfix.SessionID) {
	if id == a.venue {
		a.venueUp.Store(true)
	}
}

func (a *App) OnLogout(id quickfix.SessionID) {
	if id == a.venue {
		a.venueUp.Store(false)
	}
}

func (a *App) ToAdmin(*quickfix.Message, quickfix.SessionID)     {}
func (a *App) ToApp(*quickfix.Message, quickfix.SessionID) error { return nil }

func (a *App) FromAdmin(*quickfix.Message, quickfix.SessionID) quickfix.MessageRejectError {
	return nil
}

// FromApp is called by quickfixgo for each application message, from the goroutine of its session.
func (a *App) FromApp(msg *quickfix.Message, id quickfix.SessionID) quickfix.MessageRejectError {
	msgType, err := msg.MsgType()
	if err != nil {
		return err
	}
	switch fromVenue := id == a.venue; {
	case fromVenue && (msgType == "8" || msgType == "9"):
		return a.onReport(msg, msgType == "9")
	case fromVenue:
	case msgType == "D":
		return a.onNew(msg, id)
	case msgType == "F":
		return a.onCancel(msg, id)
	case msgType == "G":
		return a.onReplace(msg, id)
	}
	return quickfix.UnsupportedMessageType()
}

// reader collects the first error of many reads.
type reader struct {
	body *quickfix.Body
	err  quickfix.MessageRejectError
}

func (r *reader) text(tag quickfix.Tag) string {
	value, err := r.body.GetString(tag)
	if err != nil && r.err == nil {
		r.err = err
	}
	return value
}

func (r *reader) number(tag quickfix.Tag) decimal.Decimal {
	var value quickfix.FIXDecimal
	if err := r.body.GetField(tag, &value); err != nil && r.err == nil {
		r.err = err
	}
	return value.Decimal
}

// optional reads a field that may be absent.
func (r *reader) optional(tag quickfix.Tag) string {
	if !r.body.Has(tag) {
		return ""
	}
	return r.text(tag)
}

func readRequest(msg *quickfix.Message, from quickfix.SessionID) (Request, quickfix.MessageRejectError) {
	r := reader{body: &msg.Body}
	request := Request{
		Participant: from.TargetCompID,
		ClOrdID:     r.text(tagClOrdID), OrigClOrdID: r.optional(tagOrigClOrdID),
		Account: r.optional(tagAccount), Symbol: r.text(tagSymbol), Side: r.text(tagSide),
		OrdType: r.text(tagOrdType), TimeInForce: r.optional(tagTimeInForce), Ref: r.optional(tagText),
		Qty: r.number(tagOrderQty), Price: r.number(tagPrice),
	}
	return request, r.err
}

func (a *App) onNew(msg *quickfix.Message, from quickfix.SessionID) quickfix.MessageRejectError {
	request, bad := readRequest(msg, from)
	if bad != nil {
		return bad
	}
	if !a.venueUp.Load() {
		return a.refuseOrder(request, from, reject("VenueDown", "the venue is not logged on"))
	}
	route, err := a.book.New(request, time.Now())
	if err != nil {
		return a.refuseOrder(request, from, err)
	}
	out := newMessage("D")
	fillOrder(out, request, route.VenueID)
	return a.send(out, a.venue)
}

func (a *App) onReplace(msg *quickfix.Message, from quickfix.SessionID) quickfix.MessageRejectError {
	request, bad := readRequest(msg, from)
	if bad != nil {
		return bad
	}
	route, err := a.book.Replace(request, time.Now())
	if err != nil {
		return a.refuseChange(from, route.OrderID, request.ClOrdID, request.OrigClOrdID, "2", err)
	}
	out := newMessage("G")
	fillOrder(out, request, route.VenueID)
	out.Body.SetString(tagOrigClOrdID, route.OrigVenueID)
	return a.send(out, a.venue)
}

func (a *App) onCancel(msg *quickfix.Message, from quickfix.SessionID) quickfix.MessageRejectError {
	r := reader{body: &msg.Body}
	clOrdID, origClOrdID, ref := r.text(tagClOrdID), r.text(tagOrigClOrdID), r.optional(tagText)
	if r.err != nil {
		return r.err
	}
	route, err := a.book.Cancel(from.TargetCompID, clOrdID, origClOrdID)
	if err != nil {
		return a.refuseChange(from, route.OrderID, clOrdID, origClOrdID, "1", err)
	}
	out := newMessage("F")
	out.Body.SetString(tagClOrdID, route.VenueID)
	out.Body.SetString(tagOrigClOrdID, route.OrigVenueID)
	out.Body.SetString(tagSymbol, route.Symbol)
	out.Body.SetString(tagSide, route.Side)
	out.Body.SetString(tagOrderQty, route.Qty.String())
	out.Body.SetString(tagText, ref)
	out.Body.SetField(tagTransactTime, quickfix.FIXUTCTimestamp{Time: time.Now()})
	return a.send(out, a.venue)
}

func (a *App) onReport(msg *quickfix.Message, cancelReject bool) quickfix.MessageRejectError {
	r := reader{body: &msg.Body}
	report := Report{
		VenueID: r.text(tagClOrdID), OrdStatus: r.text(tagOrdStatus), VenueOrderID: r.text(tagOrderID),
		CancelReject: cancelReject,
	}
	if !cancelReject {
		report.ExecType = r.text(tagExecType)
		report.OrderQty, report.Price = r.number(tagOrderQty), r.number(tagPrice)
	}
	if report.ExecType == "F" {
		report.LastQty, report.LastPx = r.number(tagLastQty), r.number(tagLastPx)
	}
	if r.err != nil {
		return r.err
	}
	answer, ours := a.book.Apply(report)
	if !ours {
		return quickfix.NewBusinessMessageRejectError("unknown order "+report.VenueID, 1, nil)
	}
	client := a.clients[answer.Order.Participant]
	if cancelReject {
		out := newMessage("9")
		fillCancelReject(out, answer.ClOrdID, answer.OrigID, answer.OrderID, report.OrdStatus, r.optional(tagResponseTo))
		return a.send(out, client)
	}
	return a.send(a.clientReport(report, answer), client)
}

func (a *App) clientReport(report Report, answer Answer) *quickfix.Message {
	out := newMessage("8")
	out.Body.SetString(tagOrderID, answer.OrderID)
	out.Body.SetString(tagSecondaryID, report.VenueOrderID)
	out.Body.SetString(tagClOrdID, answer.ClOrdID)
	if answer.OrigID != "" {
		out.Body.SetString(tagOrigClOrdID, answer.OrigID)
	}
	out.Body.SetString(tagExecID, a.nextExecID())
	out.Body.SetString(tagExecType, report.ExecType)
	out.Body.SetString(tagOrdStatus, report.OrdStatus)
	out.Body.SetString(tagAccount, answer.Order.Account)
	out.Body.SetString(tagSymbol, answer.Order.Symbol)
	out.Body.SetString(tagSide, answer.Order.Side)
	out.Body.SetString(tagOrderQty, answer.OrderQty.String())
	out.Body.SetString(tagPrice, answer.Price.String())
	if report.ExecType == "F" {
		out.Body.SetString(tagLastQty, report.LastQty.String())
		out.Body.SetString(tagLastPx, report.LastPx.String())
	}
	out.Body.SetString(tagLeavesQty, answer.LeavesQty.String())
	out.Body.SetString(tagCumQty, answer.CumQty.String())
	out.Body.SetString(tagAvgPx, "0")
	out.Body.SetField(tagTransactTime, quickfix.FIXUTCTimestamp{Time: time.Now()})
	return out
}

func fillOrder(out *quickfix.Message, r Request, venueID string) {
	out.Body.SetString(tagClOrdID, venueID)
	out.Body.SetString(tagAccount, r.Account)
	out.Body.SetString(tagSymbol, r.Symbol)
	out.Body.SetString(tagSide, r.Side)
	out.Body.SetString(tagOrdType, r.OrdType)
	out.Body.SetString(tagTimeInForce, r.TimeInForce)
	out.Body.SetString(tagOrderQty, r.Qty.String())
	out.Body.SetString(tagPrice, r.Price.String())
	out.Body.SetString(tagText, r.Ref)
	out.Body.SetField(tagTransactTime, quickfix.FIXUTCTimestamp{Time: time.Now()})
}

func fillCancelReject(out *quickfix.Message, clOrdID, origID, orderID, status, responseTo string) {
	out.Body.SetString(tagOrderID, orderID)
	out.Body.SetString(tagClOrdID, clOrdID)
	out.Body.SetString(tagOrigClOrdID, origID)
	out.Body.SetString(tagOrdStatus, status)
	out.Body.SetString(tagCxlRejReason, "0")
	out.Body.SetString(tagResponseTo, responseTo)
}

// refuseOrder answers a NewOrderSingle that a check refused.
func (a *App) refuseOrder(r Request, client quickfix.SessionID, err error) quickfix.MessageRejectError {
	out := newMessage("8")
	out.Body.SetString(tagOrderID, "NONE")
	out.Body.SetString(tagClOrdID, r.ClOrdID)
	out.Body.SetString(tagExecID, a.nextExecID())
	out.Body.SetString(tagExecType, "8")
	out.Body.SetString(tagOrdStatus, "8")
	out.Body.SetString(tagSymbol, r.Symbol)
	out.Body.SetString(tagSide, r.Side)
	out.Body.SetString(tagLeavesQty, "0")
	out.Body.SetString(tagCumQty, "0")
	out.Body.SetString(tagAvgPx, "0")
	out.Body.SetString(tagText, err.Error())
	return a.send(out, client)
}

// refuseChange answers a cancel or replace that a check refused; orderID is empty when no order is known.
func (a *App) refuseChange(
	client quickfix.SessionID, orderID, clOrdID, origID, to string, err error,
) quickfix.MessageRejectError {
	status := "0"
	if orderID == "" {
		orderID, status = "NONE", "8"
	}
	out := newMessage("9")
	fillCancelReject(out, clOrdID, origID, orderID, status, to)
	var verdict *Rejection
	if errors.As(err, &verdict) {
		out.Body.SetString(tagText, verdict.Error())
	}
	return a.send(out, client)
}

func newMessage(msgType string) *quickfix.Message {
	out := quickfix.NewMessage()
	out.Header.SetString(tagMsgType, msgType)
	return out
}

func (a *App) nextExecID() string { return fmt.Sprintf("E%d", a.execID.Add(1)) }

func (a *App) send(out *quickfix.Message, to quickfix.SessionID) quickfix.MessageRejectError {
	if err := quickfix.SendToTarget(out, to); err != nil {
		return quickfix.NewBusinessMessageRejectError(err.Error(), 4, nil)
	}
	return nil
}
