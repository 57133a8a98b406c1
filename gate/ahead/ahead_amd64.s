#include "textflag.h"

// func ToWrite(p unsafe.Pointer, size uintptr)
TEXT ·ToWrite(SB), NOSPLIT, $0-16
	MOVQ p+0(FP), AX
	MOVQ size+8(FP), CX
	ADDQ AX, CX
line:
	BYTE $0x0F; BYTE $0x0D; BYTE $0x08 // PREFETCHW (AX): the assembler has no name for it
	ADDQ $64, AX
	CMPQ AX, CX
	JLT  line
	RET

// func ToRead(list *unsafe.Pointer, n int)
TEXT ·ToRead(SB), NOSPLIT, $0-16
	MOVQ list+0(FP), AX
	MOVQ n+8(FP), CX
	LEAQ (AX)(CX*8), CX
address:
	MOVQ (AX), DX
	PREFETCHT0 (DX)
	ADDQ $8, AX
	CMPQ AX, CX
	JLT  address
	RET
