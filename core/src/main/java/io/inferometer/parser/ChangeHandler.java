package io.inferometer.parser;

/**
 * Hears what changed between a target's last page and this one, slot by slot.
 *
 * <p>A slot is a small number that belongs to one series (a name with its labels, as the page spells them) for as long
 * as it stands on the page, wherever it moves. A consumer keeps columns indexed by slot and brings them up to date. A
 * series that stands on a page twice has a slot for each of its lines. Called on the thread that parses.
 */
public interface ChangeHandler {
    /** No slot is in use any more: nothing is remembered, and all samples of this page follow as added. */
    void onReset();

    /**
     * A series has come.
     *
     * @param slot its slot, less than {@link RepeatParser#slotCount()}
     * @param sample a view of its line, valid only until this method returns
     */
    void onAdded(int slot, Sample sample);

    /**
     * A series has another value, or another timestamp, than on the last page.
     *
     * @param slot its slot
     * @param sample a view of its line, valid only until this method returns
     */
    void onChanged(int slot, Sample sample);

    /**
     * A series has gone. Told when the page ends; the slot may be another series' on the next page.
     *
     * @param slot its slot
     */
    void onRemoved(int slot);
}
