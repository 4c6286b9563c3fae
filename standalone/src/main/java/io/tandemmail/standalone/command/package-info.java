/** The commands of docs/contract.md, one class each. They parse, call, print; what they call lives elsewhere. */
@NullMarked
package io.tandemmail.standalone.command;

import org.jspecify.annotations.NullMarked;
