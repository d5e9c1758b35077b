/**
 * The web server of all that is served: {@link io.dimee.node.http.WebServer} answers in JSON and
 * tells browsers what they may do with it. It has no users and no passwords, and what is answered
 * comes from {@code io.dimee.node.operations}, {@link io.dimee.node.ledger} and {@code
 * io.dimee.node.dashboard}.
 */
package io.dimee.node.http;
