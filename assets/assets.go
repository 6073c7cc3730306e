// Package assets holds what the window shows and says but does not compute: icons, the app's own picture and the
// translations. Everything is embedded, so the program is one file.
package assets

import (
	"embed"
	"io/fs"
)

//go:embed icons/*.svg app.svg app.png translations/*.json
var files embed.FS

// Icon returns the SVG of the icon with that name: one path of one colour on a grid of 24, which the theme tints.
func Icon(name string) ([]byte, error) {
	return files.ReadFile("icons/" + name + ".svg")
}

// Icons lists the names of all icons.
func Icons() ([]string, error) {
	entries, err := fs.ReadDir(files, "icons")
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name()[:len(e.Name())-len(".svg")])
	}
	return names, nil
}

// AppIcon returns the program's own picture as PNG, 256 pixels square.
func AppIcon() ([]byte, error) {
	return files.ReadFile("app.png")
}

// Translations returns the folder of message files, one `<language>.json` for each language.
func Translations() (fs.FS, error) {
	return fs.Sub(files, "translations")
}
