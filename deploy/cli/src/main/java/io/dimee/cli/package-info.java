/**
 * The command line. {@link io.dimee.cli.Dimee} is where every process begins: it finds the commands
 * of all modules on the class path, reads defaults from environment and file, runs one command and
 * exits with its code.
 *
 * <p>To follow an event, begin at {@code ProduceCommand}: it opens the file ({@code
 * io.dimee.console.InputOptions}, {@link io.dimee.client.events}) and sends what is in it ({@link
 * io.dimee.client.send}). {@code TierCommand.Mobile} ({@code dimee mobile}) starts the router,
 * which consumes {@code dimee.events}, beside the mobile workers; {@code Edge} and {@code Cloud}
 * start workers alone ({@link io.dimee.node.stages}). {@code PredictionsCommand} shows predictions
 * ({@link io.dimee.client.outcomes}), {@code DeadLettersCommand} what failed ({@link
 * io.dimee.client.deadletters}). A command puts parts together and closes them; what the parts do
 * is not decided here. Wrong use is one line and exit code 2.
 */
package io.dimee.cli;
