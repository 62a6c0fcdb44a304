// Places in memory that the program and its caller agree on. Both compile this file: numbers only.

// The area behind a room, in bytes from its beginning.
export const classesAt = 0
export const recordsAt = 512
/** Records of one call at most; one more is for a line that is looked at by itself. */
export const mostRecords = 256
export const recordBytes = 168
export const tablesAt = recordsAt + (mostRecords + 1) * recordBytes

// Numbers of texts stand behind the tables: a head a column, slots of all columns, entries and texts of each, and the rows of a block.
/** Columns whose values are numbered: texts of the line, the digits of its size, and its message by method, path and status. */
export const columnCount = 11
export const clientColumn = 0
export const userColumn = 1
export const methodColumn = 2
export const pathColumn = 3
export const protocolColumn = 4
export const refererColumn = 5
export const agentColumn = 6
export const hostColumn = 7
export const forwardedColumn = 8
export const sizeColumn = 9
export const messageColumn = 10

/** Different values and bytes of a column in a chunk; beyond them its rows say where their texts stand. */
export const mostNumbers = 32_768
export const mostTextBytes = 1_048_576

// A column's head: how many values it has, the bytes of their texts with their lengths, and 1 once they are too many.
export const headBytes = 16
export const headCountAt = 0
export const headTextAt = 4
export const headFullAt = 8
/** The number that was found last. */
export const headLastAt = 12

export const headsAt = 65_536
export const rowCountAt = headsAt + 256
export const scratchAt = headsAt + 512
export const scratchBytes = 16_384
/** Of each path the message that was numbered last with it: one more than its number, then its method and status. */
export const messagesAt = scratchAt + scratchBytes
export const messageBytes = 12
/** A slot is a tag, the place of a text, 0 for none, its length and its number. */
export const slotsOfTextsAt = messagesAt + mostNumbers * messageBytes
export const slotsOfTexts = 524_288
export const fewestSlots = 4_096
export const slotBytes = 16
export const entriesAt = slotsOfTextsAt + slotsOfTexts * slotBytes
/** An entry is the place of a text among those of its column, and its length. */
export const entryBytes = 8
export const textsAt = entriesAt + columnCount * mostNumbers * entryBytes

/** Rows of a block, each value in an array of its own. */
export const blockRows = 163_840
export const rowTimesAt = textsAt + columnCount * mostTextBytes
export const rowDurationsAt = rowTimesAt + blockRows * 8
export const rowPlacesAt = rowDurationsAt + blockRows * 8
export const rowStatusesAt = rowPlacesAt + blockRows * 4
/** Of each column: the number of a value, or what it is beside that. */
export const rowNumbersAt = rowStatusesAt + blockRows * 4
/** How many texts rows have beside those with a number, then where each starts and ends. */
export const ownCountAt = rowCountAt + 4
export const ownTextsAt = rowNumbersAt + columnCount * blockRows * 4
/** A block is full when the texts of one more row might not fit. */
export const mostOwn = 262_144
/** Ids of some rows: what all of them begin with, the texts, and where each ends. */
export const idRows = 16_384
/** Bytes of one with its length at most. */
export const idBytes = 96
export const idHeadAt = ownTextsAt + mostOwn * 8
export const idTextsAt = idHeadAt + idBytes
export const idEndsAt = idTextsAt + idRows * idBytes

/** Of each request what the caller knows it by: sixteen times its number there, and bits; 0 while it knows none. */
export const requestsAt = idEndsAt + idRows * 4
export const requestAttackBit = 1
export const requestUnservedBit = 2
export const requestLoginBit = 4
export const requestKnownBit = 8
/** Of each target and each referer 1 where it is known to hold no attack. */
export const harmlessTargetsAt = requestsAt + mostNumbers * 4
export const harmlessReferersAt = harmlessTargetsAt + mostNumbers
/** Counts by request, window and status: how many, how many lines the last call counted, slots and entries. */
export const countHeadAt = harmlessReferersAt + mostNumbers
export const countedRowsAt = countHeadAt + 4
export const countSlots = 65_536
export const mostCounts = 32_768
export const countSlotsAt = countHeadAt + 16
export const countEntryBytes = 24
export const countEntriesAt = countSlotsAt + countSlots * 4
/** Bits of clients with failed logins. */
export const loginFilterBytes = 262_144
export const loginFilterAt = countEntriesAt + mostCounts * countEntryBytes
export const areaBytes = loginFilterAt + loginFilterBytes

/** What a value of a row may be beside a number; from `isOwn` down it is a text of its own, of which it tells the place among such. */
export const isNull = -1
export const isZero = -2
export const isOwn = -3

// Bits of a byte's class.
export const stopBit = 1
export const oddBit = 2
export const notTokenBit = 4
export const notClientBit = 16
export const hostBit = 32
export const ipv6Bit = 64
export const addressBit = 128

// A record: three doubles, then whole numbers of four bytes.
export const secondAt = 0
export const sizeAt = 8
export const durationAt = 16
export const startAt = 24
export const clientStartAt = 28
export const clientEndAt = 32
export const quadAt = 36
export const lastDotAt = 40
export const methodStartAt = 44
export const methodEndAt = 48
export const pathStartAt = 52
export const endpointEndAt = 56
export const pathEndAt = 60
export const oddQueryAt = 64
export const statusStartAt = 68
export const statusAt = 72
export const microsAt = 76
export const endAt = 80
export const nextAt = 84
export const joinedAt = 88
/** 0 without fields behind those of the format, 1 with a signature of them, 2 where only the exact rules know them. */
export const restAt = 92
export const signatureAt = 96
/** From here on ranges that are empty until they are found. */
export const emptyAt = 100
export const protocolStartAt = 100
export const protocolEndAt = 104
export const sizeStartAt = 108
export const sizeEndAt = 112
export const targetHostStartAt = 116
export const targetHostEndAt = 120
/** Those of the slots; slot 0 is of no field. */
export const slotsAt = 124

// A text: its length, its first eight bytes with a mask of as many as it has, and where the others stand.
export const textHeadAt = 4
export const textMaskAt = 12
export const textRestAt = 20
const textBytes = 24

// A table: whole numbers of four bytes, then its steps.
export const tableStepsAt = 0
export const tableFlagsAt = 4
export const tableFirstAt = 8
export const tableHeadBytes = tableFirstAt + textBytes

export const hostedFlag = 1
export const proxiedFlag = 2
export const peeredFlag = 4
export const takesForwardedFlag = 8

export const stepReadAt = 0
export const stepSlotAt = 4
export const stepPaddedAt = 8
export const stepEndAt = 12
export const stepTimesAt = 16
export const stepByAt = 20
export const stepAfterAt = 24
export const stepBytes = stepAfterAt + textBytes

// How a field's bytes are read.
export const readClient = 0
export const readInnerClient = 1
export const readWord = 2
export const readQuoted = 3
export const readTime = 4
export const readRequest = 5
export const readMethod = 6
export const readPath = 7
export const readProtocol = 8
export const readStatus = 9
export const readSize = 10
export const readDuration = 11
export const readOptional = 12
export const readBetween = 13
export const readQuery = 14
export const readPort = 15
export const readName = 16

// Where a range of bytes goes.
export const slotNone = 0
export const slotUser = 1
export const slotReferer = 2
export const slotAgent = 3
export const slotHost = 4
export const slotForwarded = 5

// What lines must be like beside what their table says.
export const fitsAnyRest = 1
export const fitsNoIdent = 2
