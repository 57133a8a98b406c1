package engine

// The bounds of one cycle and of one connection. Each loop of the engine ends at one of them.
const (
	cycleMessagesMax = 16 // messages of one class of links in one cycle: so soon the sockets are looked at again
	ticksMax         = 16 // timers and job steps in one cycle
	commandsMax      = 8  // ordinary commands in one cycle; kills have their own lane
	storedMax        = 32 // messages read back for resends in one cycle
	handoversMax     = 64 // connections waiting to be taken over

	// Output of a link leaves when one of these is reached, and at the end of a cycle that leaves no link with work: an
	// order that comes alone leaves at once. A write costs as much as several decisions, and more where it wakes a
	// sleeping peer, so under load it should carry many messages; the age bounds what that costs the first of them.
	flushMessagesMax = 64
	flushBytesMax    = 32 << 10
	flushAgeNs       = 200_000

	// A venue is blocked when more than this is unsent, or when something has been unsent for so long.
	unsentBytesMax = 16 << 10
	unsentAgeNs    = 1_000_000

	// heldBytesMax blocks a venue whose output waits for the disk (durability: sync).
	heldBytesMax = 256 << 10

	// slowBytesMax is what a participant may leave unread before it is cut; cancelReserveBytes is the same for a venue,
	// whose orders stop at unsentBytesMax, so that the rest is room for cancels. Both are defaults of Config.
	slowBytesMax       = 1 << 20
	slowBlockedPart    = 4 // a participant with this part of it unread is blocked
	cancelReserveBytes = 4 << 20

	receiveSlackBytes = 64 << 10 // beyond the longest message: one read takes at least so much
	messageBytesMax   = 64 << 10 // default of Config.MessageBytesMax

	sleepNsMax   = 100_000_000   // an idle engine still counts ten cycles a second for the watchdog
	retryNs      = 1_000_000     // pause between two tries where a peer or the journal has no room
	durableNs    = 200_000       // pause while output waits for the disk
	drainNs      = 1_000_000_000 // how long a connection that is cut may take to read its last messages
	halfOutNs    = 250_000_000   // how long a kill's reply waits for the rest of a killed order
	stopNs       = 3_000_000_000 // how long links may take to log out
	commandBytes = 1 << 10       // longest encoded command
)
