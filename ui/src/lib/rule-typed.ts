/** What is typed into a rule's form and need not mean anything yet: numbers and conditions. Pure. */
import type { FieldForm, RuleForm, TriggerForm } from './protocol';
import { toField, toRow, type FieldRow } from './rule-draft';
import { typedNumber } from './typed-number';

/** The fields as they were typed. */
export interface Typed {
  /** Of a value that crosses a line. */
  threshold: string;
  /** Empty where the value must only come back to the line. */
  rearm: string;
  /** What no row can say stays as it is in the file. */
  rows: (FieldRow | FieldForm)[];
}

/** What keeps something typed from meaning anything: it is no number, says no field, or says no value. The words come from the dictionary. */
export type Slip = 'number' | 'field' | 'value';

export interface Slips {
  readonly threshold: Slip | null;
  readonly rearm: Slip | null;
  /** One for each row. */
  readonly rows: readonly (Slip | null)[];
}

export const NO_SLIPS: Slips = { threshold: null, rearm: null, rows: [] };

/** What stands in the fields of a form that nobody has touched. */
export function typedOf({ trigger, fields }: Pick<RuleForm, 'trigger' | 'fields'>): Typed {
  return { ...numbersOf(trigger), rows: fields.map((field) => toRow(field) ?? field) };
}

export function numbersOf(trigger: TriggerForm): Pick<Typed, 'threshold' | 'rearm'> {
  if (trigger.trigger !== 'crosses') return { threshold: '', rearm: '' };
  return { threshold: String(trigger.threshold), rearm: trigger.rearm === null ? '' : String(trigger.rearm) };
}

/** What the rows mean; those that mean nothing are left out. */
export function fieldsOf(rows: Typed['rows']): FieldForm[] {
  return rows.filter((row) => !isBlank(row) && rowSlip(row) === null).map((row) => ('tests' in row ? row : toField(row)));
}

/** A trigger with the numbers that were typed; one that means nothing leaves what was. */
export function withNumbers(trigger: TriggerForm, { threshold, rearm }: Pick<Typed, 'threshold' | 'rearm'>): TriggerForm {
  if (trigger.trigger !== 'crosses') return trigger;
  return { ...trigger, threshold: typedNumber(threshold) ?? trigger.threshold, rearm: rearm.trim() ? (typedNumber(rearm) ?? trigger.rearm) : null };
}

export function slipsOf({ threshold, rearm, rows }: Typed, { trigger, ignore }: Pick<RuleForm, 'trigger' | 'ignore'>): Slips {
  const measures = trigger.trigger === 'crosses' && !ignore;
  return {
    threshold: measures && typedNumber(threshold) === null ? 'number' : null,
    rearm: measures && rearm.trim() && typedNumber(rearm) === null ? 'number' : null,
    rows: rows.map(rowSlip),
  };
}

export function countOf({ threshold, rearm, rows }: Slips): number {
  return [threshold, rearm, ...rows].filter((slip) => slip !== null).length;
}

function rowSlip(row: FieldRow | FieldForm): Slip | null {
  if ('tests' in row || isBlank(row)) return null;
  if (!row.pointer.trim()) return 'field';
  if (row.comparison !== 'is' && row.comparison !== '!=') return typedNumber(row.value) === null ? 'number' : null;
  return /[^\s,]/.test(row.value) ? null : 'value';
}

/** A row in which nothing was typed yet says nothing, and nothing wrong. */
function isBlank(row: FieldRow | FieldForm): boolean {
  return 'pointer' in row && 'value' in row && !row.pointer.trim() && !row.value.trim();
}
