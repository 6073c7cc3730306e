package cli

import (
	"context"

	"github.com/spf13/cobra"
)

func (a *app) guiCommand() *cobra.Command {
	var o WindowOptions
	cmd := &cobra.Command{
		Use:   "gui",
		Short: "Open the window (also without a command)",
	}
	cmd.Flags().BoolVar(&o.Demo, "demo", false, "with simulated terminals and data of its own, marked as such")
	cmd.Flags().BoolVar(&o.Kiosk, "kiosk", false, "full screen, for a till that does nothing else")
	return a.command(cmd, cobra.NoArgs, func(ctx context.Context, _ []string) error {
		if a.program.Window == nil {
			return usage("this program was built without a window (make cli); every other command works")
		}
		o.Data, o.Staff, o.Log = a.flags.named(), a.flags.actor(), a.log()
		if !o.Demo {
			var err error
			if o.Data, err = a.flags.folder(); err != nil {
				return err
			}
		}
		return a.program.Window(ctx, o)
	})
}

func (a *app) versionCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "version", Short: "Tell the program's version"}
	return a.command(cmd, cobra.NoArgs, func(context.Context, []string) error {
		if a.out.json {
			a.out.object(struct {
				Version string `json:"version"`
			}{a.program.Version})
		}
		a.out.say("tillkeeper %s", a.program.Version)
		return nil
	})
}
