/** The SDK that records traces of this process: made where one asks for it, and closed with it. */
package io.dimee.node.tracing;
