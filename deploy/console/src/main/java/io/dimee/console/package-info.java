/**
 * What all commands share: options, tables, progress, exit codes. Options are picocli mixins, one
 * class for each group (read {@link io.dimee.console.KafkaOptions} first); they turn text into
 * settings and refuse what is wrong before anything is started. Commands print through a {@link
 * io.dimee.console.TerminalWriter}, so that nothing that an event holds can steer a terminal, and
 * learn of Ctrl-C through {@link io.dimee.console.Interrupt}. Modules that bring commands implement
 * {@link io.dimee.console.CommandSource}, which the command line finds with ServiceLoader. No
 * command is here.
 */
package io.dimee.console;
