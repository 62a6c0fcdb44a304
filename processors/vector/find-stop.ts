/** Made of processors/vector/find-stop.wat by `npm run generate`. */
export const findStopProgram =
  'AGFzbQEAAAABBwFgAn9/AX8CEAEEcm9vbQZtZW1vcnkCAAEDAgEABwwBCGZpbmRTdG9wAAAKUwFRAgF7AX8DQCAA/QAEACECIAIgAf0P/U4gAkEg/Q/9Jv1QIAJBIv0P/SMgAkHcAP0P/SP9UP1Q/WQhAyADRQRAIABBEGohAAwBCwsgACADaGoL'
