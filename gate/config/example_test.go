package config_test

import (
	"fmt"

	"portcullis/gate/config"
)

func ExampleLoadFiles() {
	c, err := config.LoadFiles(config.SampleFiles(20261123), config.SampleMain)
	if err != nil {
		fmt.Println(err)
		return
	}
	account := c.Accounts[0]
	fmt.Println(account.Name, c.Clients[account.Client].Name, account.Limits.Gross, c.Currency)
	// Output: ACME-1 ACME 10000000000 USD
}
