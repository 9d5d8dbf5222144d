/** The whole page as one value: what it shows, and the way from the resident to each of its parts. */
import type { Show } from './alert-lists';
import { Alerts } from './alerts.svelte';
import { askFor, Refusal, type Backend } from './backend';
import { Chart } from './chart.svelte';
import { Connections } from './connections.svelte';
import { Diagnosis } from './diagnosis.svelte';
import { Exchange } from './exchange.svelte';
import { EVERY_EVENT, Feed, isKept, type Filter } from './feed.svelte';
import { Inbox } from './inbox.svelte';
import { Notices, type Notice } from './notices.svelte';
import { OpenForms } from './open-forms';
import type { Link, Push, Spot, StoredEvent, TileForm, TileView } from './protocol';
import { Quieting } from './quieting';
import { Remembered } from './remembered.svelte';
import { Resident } from './resident.svelte';
import { suggestRule } from './rule-draft';
import { Rules } from './rules.svelte';
import { Settings } from './settings.svelte';
import { silentRule } from './silencing';
import { Streams } from './streams.svelte';
import { TileForms } from './tile-forms.svelte';

export const VIEWS = ['now', 'alerts', 'feed', 'streams', 'rules', 'settings'] as const;
export type View = (typeof VIEWS)[number];

export class Dashboard {
  readonly #backend: Backend;
  readonly resident: Resident;
  readonly alerts: Alerts;
  readonly inbox: Inbox;
  readonly feed: Feed;
  readonly streams: Streams;
  readonly connections: Connections;
  readonly chart: Chart;
  readonly remembered: Remembered;
  readonly settings: Settings;
  readonly diagnosis: Diagnosis;
  readonly rules: Rules;
  readonly tileForms: TileForms;
  readonly exchange: Exchange;
  readonly forms: OpenForms;
  readonly quieting: Quieting;
  readonly notices = new Notices();
  /** Which list the view of rules shows. */
  rulesTab = $state<'rules' | 'tiles'>('rules');
  #view = $state<View>('now');
  readonly #tiles = $derived.by(() => this.remembered.beside(this.resident.snapshot?.tiles ?? []));
  #seen = true;
  /** The backend is told one thing after the other. */
  #following: Promise<void> = Promise.resolve();

  constructor(backend: Backend) {
    this.#backend = backend;
    this.resident = new Resident(backend);
    this.alerts = new Alerts(backend);
    this.inbox = new Inbox(this.alerts);
    this.feed = new Feed(backend);
    this.streams = new Streams(backend);
    this.streams.onread = (configuration) => {
      this.chart.obey(configuration.tiles);
      void this.remembered.load(configuration);
    };
    this.connections = new Connections(backend);
    this.chart = new Chart(backend);
    this.remembered = new Remembered(backend);
    this.settings = new Settings(backend, this.streams, (notice) => this.tell(notice));
    this.diagnosis = new Diagnosis(backend);
    this.rules = new Rules(backend, this.streams);
    this.tileForms = new TileForms(backend, this.streams);
    this.exchange = new Exchange(backend, this.streams);
    this.forms = new OpenForms(this);
    this.quieting = new Quieting(this);
  }

  get view(): View {
    return this.#view;
  }
  /** The live values, and what those were that have none yet. */
  get tiles(): readonly TileView[] {
    return this.#tiles;
  }

  /** Hears the resident until the returned function is called. */
  run(page: Document): () => void {
    const hearer = { link: (link: Link) => this.#takeLink(link), push: (push: Push) => this.#takePush(push) };
    const hearing = this.#backend.hear(hearer).catch((thrown: unknown) => {
      this.#takeLink({ link: 'lost', message: Refusal.from(thrown).text });
      return () => {};
    });
    const follow = () => (this.#following = this.#following.then(() => this.#follow(page.visibilityState !== 'hidden')));
    const seen = () => (this.#following = this.#following.then(() => this.#follow(true)));
    page.addEventListener('visibilitychange', follow);
    // Who works in a window sees it, whatever was said before.
    page.addEventListener('pointerdown', seen);
    return () => {
      page.removeEventListener('visibilitychange', follow);
      page.removeEventListener('pointerdown', seen);
      void hearing.then((forget) => forget());
    };
  }

  show(view: View): void {
    if (view === 'alerts' && this.#view !== view) void this.alerts.reopen();
    this.#view = view;
    // The file may have been edited by hand since.
    if (view === 'rules' || view === 'streams' || view === 'settings') void this.streams.load();
  }

  /** Comes to a view by its button or its key; where it is shown already, and there is room for a detail alone, back to its list. */
  go(view: View): void {
    const back = view === this.#view ? document.querySelector<HTMLElement>('main [data-back]') : null;
    if (back?.checkVisibility()) back.click();
    else this.show(view);
  }

  openAlert(id: number): void {
    this.#view = 'alerts';
    this.alerts.select(id);
    if (this.alerts.selected) this.inbox.reveal(id);
    else void this.present(id);
  }

  /** Comes to an alert from outside: a click on a notification, or the tray. */
  async present(id: number): Promise<boolean> {
    this.#view = 'alerts';
    const found = await this.alerts.present(id);
    if (found) this.inbox.reveal(id);
    return found;
  }

  /** The list itself: what is unread, with no alert open on it. */
  openUnread(): void {
    this.alerts.select(null);
    this.openAlerts('unread');
  }

  openAlerts(show: Show): void {
    this.show('alerts');
    void this.alerts.narrow({ show, text: '' });
  }

  /** Comes to where alerts are looked for. */
  findAlerts(): void {
    this.show('alerts');
    whenShown(() => document.querySelector<HTMLInputElement>('[data-testid=alert-search]')?.select());
  }

  openEvent(event: StoredEvent): void {
    this.#view = 'feed';
    void this.feed.select(event);
  }

  /** All events, or those of one stream or name, whatever the feed was narrowed to before. */
  openEvents(part: Partial<Filter> = {}): void {
    this.show('feed');
    void this.feed.narrow({ ...EVERY_EVENT, ...part });
  }

  /** Comes to where events are looked for. */
  findEvents(): void {
    this.show('feed');
    whenShown(() => document.querySelector<HTMLInputElement>('[data-testid=feed-search]')?.select());
  }

  /** Comes to where a time is picked for the feed to go to. */
  findTime(): void {
    this.show('feed');
    whenShown(() => document.querySelector<HTMLElement>('[data-testid=feed-time][aria-expanded=false]')?.click());
  }

  addStream(): void {
    this.#view = 'streams';
    if (!this.streams.adding) this.forms.closeStream();
    this.streams.add();
  }

  editStream(name: string): void {
    this.#view = 'streams';
    this.forms.closeStream();
    void this.streams.edit(name);
  }

  openStream(name: string): void {
    this.show('streams');
    this.forms.closeStream();
    void this.connections.look(name);
  }

  /** Comes to a part of the settings. */
  openSettings(section: string): void {
    this.show('settings');
    whenShown(() => document.getElementById(`settings-${section}`)?.scrollIntoView({ block: 'start' }));
  }

  /** Asks whose secrets are stored, and comes to where they are listed. */
  listSecrets(): void {
    this.openSettings('secrets');
    void this.settings.listSecrets();
  }

  /** Opens the form for a silence. */
  startSilence(): void {
    this.openSettings('loud');
    this.settings.silencing = true;
    whenShown(() => document.querySelector<HTMLElement>('[data-testid=silence-form] select')?.focus());
  }

  /** Starts the demo in a window of its own. */
  async startDemo(): Promise<void> {
    await askFor(this.#backend, 'done', { call: 'start-demo' });
  }

  /** Looks for what is wrong between here and a stream's server. */
  diagnose(name: string): void {
    this.openStream(name);
    this.diagnosis.show(name);
  }

  addRule(): void {
    this.forms.openRules('rules', () => this.rules.add());
  }

  addTile(): void {
    this.forms.openRules('tiles', () => this.tileForms.add());
  }

  /** Comes to the list of the tiles that are configured. */
  showTiles(): void {
    this.forms.openRules('tiles', () => {});
  }

  editTile(tile: TileForm): void {
    this.forms.openRules('tiles', () => this.tileForms.edit(tile));
  }

  startImport(): void {
    this.forms.openRules('rules', () => this.exchange.startImport());
  }

  startExport(): void {
    this.forms.openRules('rules', () => void this.exchange.export(['rule']));
  }

  editRule(name: string): void {
    this.forms.openRules('rules', () => this.attempt(() => this.rules.edit(name)));
  }

  /** Opens the editor with a rule suggested for events like one; of one that is not stored by what came of it. */
  draftRule(event: StoredEvent): void {
    const { seq, stream } = event;
    if (isKept(event)) this.forms.openRules('rules', () => this.attempt(() => this.rules.draft(seq)));
    else this.forms.openRules('rules', () => this.rules.add(suggestRule(stream, event.event, event.data, this.rules.names)));
  }

  /** The same for a tile. */
  draftTile(event: StoredEvent): void {
    if (isKept(event)) this.forms.openRules('tiles', () => this.attempt(() => this.tileForms.draft(event.seq)));
    else this.forms.openRules('tiles', () => this.tileForms.add(event));
  }

  openLink(url: string): void {
    this.attempt(() => this.#backend.openLink(url));
  }

  /** Does something whose refusal is told in the notice. */
  attempt(act: () => Promise<void>): void {
    void this.tried(act);
  }

  /** The same, for who waits for its end. */
  async tried(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (thrown) {
      this.tell({ text: Refusal.from(thrown).message });
    }
  }

  /** Changes the configuration, says so, and offers the way back; where nothing was changed, says nothing. */
  edit(act: () => Promise<number | null>, said: string, how: Pick<Notice, 'lasting'> = {}): Promise<void> {
    return this.tried(async () => {
      const edit = await act();
      if (edit !== null) this.tell({ text: said, ...how, ...this.wayBack(edit) });
    });
  }

  /** Removes a rule with what silences it alone: a later one of its name is another one. */
  removeRule(name: string, said: string): Promise<void> {
    return this.tried(async () => {
      const silent = silentRule(name, this.resident.snapshot, Date.now());
      const edit = await this.rules.remove(name);
      const silence = await this.quieting.ended(silent);
      const back = async () => {
        await this.streams.undo(edit);
        await silence();
      };
      this.tell({ text: said, lasting: true, undo: () => this.attempt(back) });
    });
  }

  /** What a notice needs to take edits back; nothing where they changed nothing, and have no number. */
  wayBack(...edits: readonly number[]): Pick<Notice, 'undo'> {
    const made = edits.filter((edit) => edit !== 0);
    return made.length ? { undo: () => this.attempt(() => this.streams.undo(...made)) } : {};
  }

  /** Saves what is open, where there is anything to save: as its button does. */
  save(): void {
    document.querySelector<HTMLElement>('main [data-saves]')?.click();
  }

  tell(notice: Notice): void {
    this.notices.tell(notice);
  }

  /** Comes to a place that was asked for from outside: a click on a notification, or the tray. */
  #goTo(to: Spot): void {
    if (to.spot === 'alert') void this.present(to.alert);
    else if (to.spot === 'stream') this.openStream(to.stream);
    else if (to.spot === 'unread') this.openUnread();
  }

  /** Hidden, the page is told nothing: what it missed it reads when it is seen again. */
  async #follow(seen: boolean): Promise<void> {
    if (!seen) await this.alerts.commit();
    if (seen === this.#seen) return;
    this.#seen = seen;
    // Where the resident is away there is nothing to hear; what was missed is read when it is back.
    await this.#backend.seen(seen).catch(() => {});
    // Between what was heard before and what is heard now there may be more than a page.
    this.feed.forgetRecent();
    if (seen && this.resident.link.is === 'connected') this.#takeLink({ link: 'connected' });
  }

  #takeLink(link: Link): void {
    this.resident.takeLink(link);
    if (link.link === 'lost') {
      this.feed.forgetRecent();
      this.chart.forgetChanges();
      this.streams.adding?.lost();
      this.remembered.keep(this.#tiles);
    } else {
      void this.feed.catchUp();
      void this.alerts.load();
      void this.streams.load();
      void this.chart.load();
      this.rules.alertsCame();
    }
  }

  #takePush(push: Push): void {
    switch (push.push) {
      case 'snapshot':
        if (this.resident.link.is === 'unknown') this.#takeLink({ link: 'connected' });
        if ((this.resident.snapshot?.configurations ?? push.value.configurations) !== push.value.configurations) void this.streams.load();
        this.resident.takeSnapshot(push.value);
        this.alerts.takeSnapshot(push.value);
        this.chart.take(push.value.tiles, push.value.configurations);
        break;
      case 'events':
        this.alerts.takeBatch(push.value);
        if (push.value.events.some(({ alerts }) => alerts.length)) this.rules.alertsCame();
        this.feed.take(push.value);
        this.streams.adding?.hear(push.value);
        break;
      case 'alerts':
        this.alerts.takeChanged(push.value);
        this.rules.alertsCame();
        break;
      case 'present':
        this.#goTo(push.value);
        break;
      case 'watched':
        this.streams.adding?.take(push.value);
        break;
      case 'goodbye':
        this.resident.takeGoodbye();
        break;
    }
  }
}

/** Does something with a view that was just asked for, once it is there. */
function whenShown(act: () => void): void {
  setTimeout(act);
}
