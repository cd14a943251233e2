/**
 * Bytes on the way to the screen that it has not drawn yet. Less than the stream's window allows: what is on the
 * way when Ctrl+C is pressed has to be drawn before the prompt is.
 */
export const screenWindowBytes = 256 * 1024
