package io.dimee.analytics;

/**
 * A column of a result.
 *
 * @param name as the result names it
 * @param isNumber whether its values are numbers
 * @param isTimestamp whether its values are times without a zone, which are UTC
 */
public record ResultColumn(String name, boolean isNumber, boolean isTimestamp) {}
