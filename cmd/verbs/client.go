package verbs

import (
	"fmt"

	"portcullis/gate/enrol"
)

type clientVerb struct {
	Add clientAddVerb `cmd:"" help:"Turn the settings file of a client's initiator round into a session of participants, and say what still lacks."`
}

type clientAddVerb struct {
	configFlag
	Name    string `arg:"" help:"The client, as gate.yaml names it or is to."`
	From    string `required:"" type:"path" help:"The QuickFIX settings file of the client's initiator."`
	Session string `help:"Which of its sessions, as they name it, e.g. FIX.4.4:ACME->GATE."`
	DryRun  bool   `name:"dry-run" help:"Only show it."`
}

// Run adds the session; nothing in the file is overwritten.
func (v *clientAddVerb) Run() error {
	plan, err := enrol.New(v.Config, v.Name, v.From, v.Session)
	if err != nil {
		return err
	}
	fmt.Print(plan.Diff())
	for _, note := range plan.Notes {
		fmt.Println("note:", note)
	}
	if v.DryRun {
		fmt.Println("nothing was written")
	} else if err := plan.Write(); err != nil {
		return err
	}
	fmt.Printf("link %s still lacks:\n", plan.Link)
	for _, lack := range plan.Lacks {
		fmt.Println("-", lack)
	}
	return nil
}
