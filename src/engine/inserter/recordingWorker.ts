/** The thread that takes messages of a frame log to stores. */
export {}
