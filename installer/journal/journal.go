// Package journal is the durable record of a change and the lock around it.
package journal
