package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"maps"
	"net"

	"tillkeeper/cli"
	"tillkeeper/payment/comgate/comgatesim"
	"tillkeeper/payment/comgatecloud/comgatecloudsim"
	"tillkeeper/payment/ecrhub"
	"tillkeeper/payment/ecrhub/ecrhubsim"
	"tillkeeper/payment/iotpay/iotpaysim"
	"tillkeeper/payment/paycloud/paycloudsim"
)

// simulators are the simulated terminals and clouds of this program, by the names
// of their protocols.
func simulators() map[string]cli.SimulatorFunc {
	return map[string]cli.SimulatorFunc{
		"ecrhub":        simulateECRHub,
		"comgate":       simulateComgate,
		"comgate-cloud": simulateComgateCloud,
		"codepay-cloud": simulatePayCloud("codepay-cloud"),
		"sadad":         simulatePayCloud("sadad"),
		"iotpay":        simulateIOTPay,
	}
}

// simulated is what all simulators have in common.
type simulated interface {
	ParseScript(io.Reader) error
	Listen(address string) error
	Addr() net.Addr
	Close() error
}

// credentialed is a simulator that a terminal must be added to with settings and
// secrets of its own.
type credentialed interface {
	Settings() map[string]string
	Credentials() map[string]string
}

// equip hands settings and secrets to a simulator's options.
func equip(o cli.SimulatorOptions, set func(key, value string) error) error {
	for _, given := range []map[string]string{o.Set, o.Secrets} {
		for key, value := range given {
			if err := set(key, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// book passes movements of money on, if somebody wants to hear of them.
func book(o cli.SimulatorOptions) func(cli.Charge) error {
	if o.Charged == nil {
		return func(cli.Charge) error { return nil }
	}
	return o.Charged
}

// run makes a simulator listen; address turns its host and port into one that a
// terminal is added with.
func run(o cli.SimulatorOptions, s simulated, address func(host string) string) (*cli.Simulator, error) {
	if o.Script != nil {
		if err := s.ParseScript(o.Script); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	if err := s.Listen(o.Listen); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	running := &cli.Simulator{Address: address(s.Addr().String()), Script: s.ParseScript, Close: s.Close}
	if c, ok := s.(credentialed); ok {
		running.Settings, running.Secrets = maps.Clone(c.Settings()), maps.Clone(c.Credentials())
	}
	return running, nil
}

func simulateECRHub(_ context.Context, o cli.SimulatorOptions) (*cli.Simulator, error) {
	options, charged := ecrhubsim.Defaults(), book(o)
	options.Log, options.Charged = o.Log, func(c ecrhubsim.Charge) error { return charged(cli.Charge(c)) }
	if err := equip(o, options.Set); err != nil {
		return nil, err
	}
	options.AppID = cmp.Or(options.AppID, ecrhub.DefaultAppID)
	s, err := run(o, ecrhubsim.New(options), func(host string) string { return "ecrhub://" + host })
	if err == nil {
		s.Settings = map[string]string{"app_id": options.AppID}
	}
	return s, err
}

func simulateComgate(_ context.Context, o cli.SimulatorOptions) (*cli.Simulator, error) {
	options, charged := comgatesim.Defaults(), book(o)
	options.Log, options.Charged = o.Log, func(c comgatesim.Charge) error { return charged(cli.Charge(c)) }
	if err := equip(o, options.Set); err != nil {
		return nil, err
	}
	return run(o, comgatesim.New(options), func(host string) string { return "comgate://" + host + options.BasePath })
}

func simulateComgateCloud(_ context.Context, o cli.SimulatorOptions) (*cli.Simulator, error) {
	options, charged := comgatecloudsim.Defaults(), book(o)
	options.Log, options.Charged = o.Log, func(c comgatecloudsim.Charge) error { return charged(cli.Charge(c)) }
	if err := equip(o, options.Set); err != nil {
		return nil, err
	}
	return run(o, comgatecloudsim.New(options), func(host string) string { return "comgate-cloud+http://" + host + options.BasePath })
}

func simulatePayCloud(profile string) cli.SimulatorFunc {
	return func(_ context.Context, o cli.SimulatorOptions) (*cli.Simulator, error) {
		options, charged := paycloudsim.Defaults(), book(o)
		options.Log, options.Charged = o.Log, func(c paycloudsim.Charge) error { return charged(cli.Charge(c)) }
		if err := equip(o, options.Set); err != nil {
			return nil, err
		}
		return run(o, paycloudsim.New(options), func(host string) string { return profile + "+http://" + host })
	}
}

func simulateIOTPay(_ context.Context, o cli.SimulatorOptions) (*cli.Simulator, error) {
	options, charged := iotpaysim.Defaults(), book(o)
	options.Log, options.Charged = o.Log, func(c iotpaysim.Charge) error { return charged(cli.Charge(c)) }
	if err := equip(o, options.Set); err != nil {
		return nil, err
	}
	return run(o, iotpaysim.New(options), func(host string) string { return "iotpay+http://" + host + "/v1" })
}
