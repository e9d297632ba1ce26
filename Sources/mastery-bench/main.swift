// The first file of this command replaces this one.
