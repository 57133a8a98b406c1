#include "textflag.h"

// func vectorSOH(p *byte) uint64
TEXT ·vectorSOH(SB), NOSPLIT, $0-16
	MOVQ       p+0(FP), AX
	MOVQ       $0x0101010101010101, BX
	MOVQ       BX, X0
	PUNPCKLQDQ X0, X0
	MOVOU      0(AX), X1
	MOVOU      16(AX), X2
	MOVOU      32(AX), X3
	MOVOU      48(AX), X4
	PCMPEQB    X0, X1
	PCMPEQB    X0, X2
	PCMPEQB    X0, X3
	PCMPEQB    X0, X4
	PMOVMSKB   X1, AX
	PMOVMSKB   X2, BX
	PMOVMSKB   X3, CX
	PMOVMSKB   X4, DX
	SHLQ       $16, BX
	SHLQ       $32, CX
	SHLQ       $48, DX
	ORQ        BX, AX
	ORQ        DX, CX
	ORQ        CX, AX
	MOVQ       AX, ret+8(FP)
	RET

// func vectorSum(p *byte, n int) uint64
TEXT ·vectorSum(SB), NOSPLIT, $0-24
	MOVQ p+0(FP), AX
	MOVQ n+8(FP), CX
	PXOR X0, X0
	PXOR X1, X1

next:
	MOVOU  (AX), X2
	PSADBW X0, X2
	PADDQ  X2, X1
	ADDQ   $16, AX
	DECQ   CX
	JNZ    next
	MOVOU  X1, X2
	PSRLDQ $8, X2
	PADDQ  X2, X1
	MOVQ   X1, ret+16(FP)
	RET
