// Package edit changes one value of one file, whatever the file belongs to. It
// needs no installation, no root and no journal: the file's own folder holds the
// lock and what is staged.
package edit
