#include "textflag.h"

// func askAhead(p unsafe.Pointer, size uintptr)
TEXT ·askAhead(SB), NOSPLIT, $0-16
	MOVQ p+0(FP), AX
	MOVQ size+8(FP), CX
	ADDQ AX, CX
line:
	BYTE $0x0F; BYTE $0x0D; BYTE $0x08 // PREFETCHW (AX): the assembler has no name for it
	ADDQ $64, AX
	CMPQ AX, CX
	JLT  line
	RET
