// Package operator turns what an operator asks for into the core's command, names into numbers, and what the core
// replies into the answer that the operator reads. It carries nothing out.
//
//	admin.Request ──Names.Command──> core.Command ──engine──> core.Reply ──Answer──> admin.Answer
//
// command.go has the table of verbs; scope.go says what a kill, a drain or a restriction is of, orders.go reads
// quantities and prices, market.go halts and phases; answer.go has the words for each ReplyCode.
package operator
