/**
 * The commands {@code query} and {@code export}. They turn options into what {@link
 * io.dimee.analytics.Analytics} takes, and results into a table, CSV or JSON. {@link
 * io.dimee.analytics.command.AnalyticsCommands} brings them to the command line. SQL itself is not
 * looked at here.
 */
package io.dimee.analytics.command;
