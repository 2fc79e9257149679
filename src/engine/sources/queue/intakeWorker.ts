/** The thread that drains a broker into the frame log. */
export {}
