package fix

// Tags by their FIX names. Those listed in known can be looked up by Message.Value in constant
// time; a known tag that occurs twice in a message is reported by Message.Repeated.
const (
	TagAccount              = 1
	TagAvgPx                = 6
	TagBeginSeqNo           = 7
	TagBeginString          = 8
	TagBodyLength           = 9
	TagCheckSum             = 10
	TagClOrdID              = 11
	TagCumQty               = 14
	TagCurrency             = 15
	TagEndSeqNo             = 16
	TagExecID               = 17
	TagExecInst             = 18
	TagExecRefID            = 19
	TagExecTransType        = 20
	TagHandlInst            = 21
	TagLastPx               = 31
	TagLastQty              = 32
	TagMsgSeqNum            = 34
	TagMsgType              = 35
	TagNewSeqNo             = 36
	TagOrderID              = 37
	TagOrderQty             = 38
	TagOrdStatus            = 39
	TagOrdType              = 40
	TagOrigClOrdID          = 41
	TagPossDupFlag          = 43
	TagPrice                = 44
	TagRefSeqNum            = 45
	TagSenderCompID         = 49
	TagSenderSubID          = 50
	TagSendingTime          = 52
	TagSide                 = 54
	TagSymbol               = 55
	TagTargetCompID         = 56
	TagTargetSubID          = 57
	TagText                 = 58
	TagTimeInForce          = 59
	TagTransactTime         = 60
	TagListID               = 66
	TagPositionEffect       = 77
	TagEncryptMethod        = 98
	TagStopPx               = 99
	TagExDestination        = 100
	TagCxlRejReason         = 102
	TagOrdRejReason         = 103
	TagHeartBtInt           = 108
	TagMinQty               = 110
	TagMaxFloor             = 111
	TagTestReqID            = 112
	TagOnBehalfOfCompID     = 115
	TagOnBehalfOfSubID      = 116
	TagOrigSendingTime      = 122
	TagGapFillFlag          = 123
	TagCxlType              = 125
	TagDeliverToCompID      = 128
	TagDeliverToSubID       = 129
	TagResetSeqNumFlag      = 141
	TagExecType             = 150
	TagLeavesQty            = 151
	TagCashOrderQty         = 152
	TagSecondaryOrderID     = 198
	TagMaxShow              = 210
	TagPegDifference        = 211
	TagExpireTime           = 126
	TagMessageEncoding      = 347
	TagEncodedText          = 355
	TagRefTagID             = 371
	TagRefMsgType           = 372
	TagSessionRejectReason  = 373
	TagExecRestatementRsn   = 378
	TagBusinessRejectRefID  = 379
	TagBusinessRejectReason = 380
	TagDiscretionInst       = 388
	TagDiscretionOffset     = 389
	TagExpireDate           = 432
	TagCxlRejResponseTo     = 434
	TagClearingFirm         = 439
	TagClearingAccount      = 440
	TagNoPartyIDs           = 453
	TagPartyID              = 448
	TagPartyRole            = 452
	TagPartyRoleQualifier   = 2376
	TagOrderOrigination     = 1724
	TagOrderPercent         = 516
	TagSecondaryClOrdID     = 526
	TagOrderCapacity        = 528
	TagMassCancelRequest    = 530
	TagMassCancelResponse   = 531
	TagMassCancelRejectRsn  = 532
	TagTotalAffectedOrders  = 533
	TagUsername             = 553
	TagPassword             = 554
	TagTestMessageIndicator = 464
	TagMassStatusReqID      = 584
	TagClOrdLinkID          = 583
	TagMassStatusReqType    = 585
	TagNextExpectedSeqNum   = 789
	TagOrdStatusReqID       = 790
	TagPossResend           = 97
	TagNewPassword          = 925
	TagRawDataLength        = 95
	TagRawData              = 96
	TagEncryptedPassword    = 1402
	TagEncryptedNewPwd      = 1404
	TagRefOrderID           = 1080
	TagApplVerID            = 1128
	TagDefaultApplVerID     = 1137
	TagDisplayQty           = 1138
	TagSecondaryDisplayQty  = 1082
	TagDisplayWhen          = 1083
	TagDisplayMethod        = 1084
	TagDisplayLowQty        = 1085
	TagDisplayHighQty       = 1086
	TagDisplayMinIncr       = 1087
	TagRefreshQty           = 1088
	TagMatchIncrement       = 1089
	TagPegPriceType         = 1094
	TagRule80A              = 47
	TagCustOrderCapacity    = 582
	TagPegOffsetType        = 836
	TagDiscretionOffsetType = 842
	TagLastMsgSeqNumProc    = 369
	TagTotNumReports        = 911
	TagLastRptRequested     = 912
	TagSecurityIDSource     = 22
	TagSecurityID           = 48
	TagSymbolSfx            = 65
	TagLocateReqd           = 114
	TagSecurityType         = 167
	TagProduct              = 460
	TagCFICode              = 461
	TagTradeDate            = 75
	TagTradeReportTransType = 487
	TagNoSides              = 552
	TagPreviouslyReported   = 570
	TagTradeReportID        = 571
	TagTradeReportRefID     = 572
	TagTradeReportRejectRsn = 751
	TagTradeReportType      = 856
	TagTrdRptStatus         = 939
	TagSideExecID           = 1427

	TagUnderlyingSymbol      = 311
	TagSecurityTradingStatus = 326
	TagTradingSessionID      = 336
	TagTradSesStatus         = 340
	TagTradingSessionSubID   = 625
	TagMassActionReportID    = 1369

	TagShortSaleRestriction    = 1687
	TagPartyIDSource           = 447
	TagMarketSegmentID         = 1300
	TagMarketID                = 1301
	TagInstrumentScopeOperator = 1535
	TagInstrumentScopeSymbol   = 1536
	TagNoRelatedPartyDetailID  = 1562
	TagNoInstrumentScopes      = 1656
	TagPartyActionRequestID    = 2328
	TagPartyActionType         = 2329
	TagApplTestMessage         = 2330
	TagPartyActionReportID     = 2331
	TagPartyActionResponse     = 2332
	TagPartyActionRejectReason = 2333
)

// UserDefinedMin is the first tag of the range that counterparties define for themselves.
const UserDefinedMin = 5000

// secretCount is how many tags of known, the first ones, hold secrets.
const secretCount = 5

// known are the tags that the gate reads outside repeating groups. Those of secrets come first; beyond
// that order is of no meaning.
var known = [...]int{
	TagPassword, TagNewPassword, TagRawData, TagEncryptedPassword, TagEncryptedNewPwd,
	TagAccount, TagAvgPx, TagBeginSeqNo, TagBeginString, TagBodyLength, TagCheckSum, TagClOrdID,
	TagCumQty, TagCurrency, TagEndSeqNo, TagExecID, TagExecInst, TagExecRefID, TagExecTransType, TagHandlInst,
	TagLastPx, TagLastQty, TagMsgSeqNum, TagMsgType, TagNewSeqNo, TagOrderID, TagOrderQty,
	TagOrdStatus, TagOrdType, TagOrigClOrdID, TagPossDupFlag, TagPrice, TagRefSeqNum,
	TagSenderCompID, TagSenderSubID, TagSendingTime, TagSide, TagSymbol, TagTargetCompID,
	TagTargetSubID, TagText, TagTimeInForce, TagTransactTime, TagEncryptMethod, TagStopPx,
	TagExDestination, TagCxlRejReason, TagOrdRejReason, TagHeartBtInt, TagMinQty, TagMaxFloor,
	TagTestReqID, TagOnBehalfOfCompID, TagDeliverToCompID, TagOrigSendingTime, TagGapFillFlag,
	TagResetSeqNumFlag, TagExecType, TagLeavesQty, TagCashOrderQty, TagSecondaryOrderID,
	TagMaxShow, TagPegDifference, TagExpireTime, TagRefTagID, TagRefMsgType,
	TagSessionRejectReason, TagExecRestatementRsn, TagBusinessRejectRefID,
	TagBusinessRejectReason, TagDiscretionInst, TagDiscretionOffset, TagExpireDate,
	TagCxlRejResponseTo, TagOrderPercent, TagMassCancelRequest, TagMassCancelResponse, TagUsername,
	TagMassStatusReqID, TagMassStatusReqType, TagNextExpectedSeqNum, TagOrdStatusReqID,
	TagPossResend, TagRefOrderID, TagApplVerID,
	TagDefaultApplVerID, TagDisplayQty, TagLastMsgSeqNumProc, TagListID, TagSecondaryClOrdID,
	TagClOrdLinkID, TagTestMessageIndicator, TagSymbolSfx, TagLocateReqd, TagPositionEffect,
	TagOnBehalfOfSubID, TagDeliverToSubID, TagTotNumReports, TagLastRptRequested, TagSecurityType,
	TagProduct, TagCFICode, TagCxlType, TagSecondaryDisplayQty, TagDisplayWhen, TagDisplayMethod, TagDisplayLowQty,
	TagDisplayHighQty, TagDisplayMinIncr, TagRefreshQty, TagMatchIncrement, TagPegPriceType, TagPegOffsetType,
	TagDiscretionOffsetType, TagRule80A, TagOrderCapacity, TagCustOrderCapacity,
}

const (
	tagTableSize  = 1700
	knownCountMax = 128
)

const _ = uint(knownCountMax - 1 - len(known)) // the position table must hold every known tag

// tagClass says how Index treats a tag. The lower byte is its place in the position table, 1.. for known tags, 0 otherwise;
// what is above is the tag of the data field that follows, whose length this one is.
type tagClass uint32

func (c tagClass) dense() uint8    { return uint8(c) }
func (c tagClass) dataTag() uint32 { return uint32(c >> 8) }

var classes = buildClasses()

func buildClasses() (t [tagTableSize]tagClass) {
	for i, tag := range known {
		t[tag] = tagClass(i + 1)
	}
	for _, p := range dataPairs {
		t[p.length] |= tagClass(p.data) << 8
	}
	return t
}
