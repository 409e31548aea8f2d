//go:build faults && linux && amd64

// Package powercut tells what a power cut may leave of a run, from the system
// calls that it made.
//
// # What it is
//
// A Disk is a model of a file system that knows two things of each file and
// folder: what programs see, and what is on the disk for certain. Apply repeats a
// call that package tracer recorded, with its data. States is what may be there
// after a power cut at that moment, to be written into a folder and recovered
// from.
//
// The kernels of common CI machines have no device mapper, hence no dm-log-writes,
// and a FUSE file system (LazyFS) is not to be had without the device. A model also
// shows what no disk of ours would do today and another's may tomorrow: of each
// cut, it makes all orders that the interfaces allow, not the one that happened.
//
// # The model
//
//   - What a file holds reaches the disk at fsync or fdatasync of that file, and
//     so do its size, mode, owner, attributes and times. Before, it is there, not
//     there, there by half, or there as zeros up to the new size; and what is about
//     the file independently of what is in it.
//   - A folder's entries (create, link, rename, unlink, mkdir, symlink) reach the
//     disk at fsync of that folder, in the order in which they were made. Before,
//     each beginning of that order is possible; folders are independent of each
//     other. So are the two halves of a rename from one folder to another.
//   - A file that was flushed and has no entry on the disk is gone; an entry whose
//     file was not flushed leads to an empty file with the mode of its creation.
//   - A symbolic link is whole where its entry is.
//   - Files without a name, locks, and what processes hold in memory are gone.
//
// It is harsher than ext4 and XFS, where fsync of a new file brings its entry along
// and a rename between folders is one transaction, and where mode and owner keep
// their order with the entries. It is milder than a disk that loses what was
// flushed, or that damages what is beside a write: that is not what fsync promises
// to anybody. What halves of a file may be there is a choice: one half, in whole
// sectors where there are several, followed by nothing or by zeros.
//
// # States of one cut
//
// Each folder with entries on their way and each file that was not flushed can be
// in several states. States makes all others as on the disk, and then all others as
// programs see them, beside each state of each one. Where the product of all is
// small it makes that as well, else each pair of states of two folders. Files of
// which the caller says that they are independent of the others stay out of the
// product.
//
// # Sources
//
// Pillai et al., All File Systems Are Not Created Equal: On the Complexity of
// Crafting Crash-Consistent Applications (ALICE), OSDI 2014; Ramos, Azevedo et al.,
// LazyFS, 2023. fsync(2), rename(2), Linux man-pages 6.03; ext4(5) of e2fsprogs
// 1.47, data=ordered, and the kernel's documentation of its delayed allocation;
// the XFS FAQ, "Why do I see binary NULLS in some files after recovery when I
// unplugged the power?".
package powercut
