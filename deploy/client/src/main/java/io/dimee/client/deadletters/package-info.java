/**
 * Dead letters after the fact. A DeadLetterBox reads them, with what has been replayed; a
 * DeadLetterFilter picks some; a DeadLetterReplay sends their records again, each once.
 */
package io.dimee.client.deadletters;
