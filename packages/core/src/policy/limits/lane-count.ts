import type { Unanswered } from './server-pace.ts';
import type { Ticket } from './ticket.ts';

/** What runs in a lane. */
export class LaneCount {
  running = 0;
  /** Of what runs, what the server has not answered. */
  readonly unanswered: Unanswered = { count: 0, tokens: 0 };

  start(ticket: Ticket, nowMs: number): void {
    this.running++;
    this.unanswered.count++;
    this.unanswered.tokens += ticket.tokens;
    ticket.state = 'running';
    ticket.startedAtMs = nowMs;
  }

  answer(ticket: Ticket): void {
    if (ticket.answered || ticket.state !== 'running') return;
    ticket.answered = true;
    this.unanswered.count--;
    this.unanswered.tokens -= ticket.tokens;
  }

  /** @returns whether it ran until now */
  end(ticket: Ticket): boolean {
    if (ticket.state !== 'running') return false;
    this.answer(ticket);
    ticket.state = 'ended';
    this.running--;
    return true;
  }
}
