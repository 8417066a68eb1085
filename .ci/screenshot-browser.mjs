#!/usr/bin/env node
// Takes a picture of Neo4j Browser with the answer of one query, with headless Chromium over its DevTools protocol.
//   .ci/screenshot-browser.mjs HTTP-ADDRESS FILE.png [CYPHER]
// The server must ask for no password (dbms.security.auth_enabled=false). Needs node and chromium, no packages.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const [address, file, cypher = "MATCH p = (d:Drama {id: 'the-glory-2022'})--(x) WHERE NOT x:User RETURN p LIMIT 40"] = process.argv.slice(2);
if (!file) {
  console.error('usage: screenshot-browser.mjs HTTP-ADDRESS FILE.png [CYPHER]');
  process.exit(2);
}

/** Chromium with its protocol on two pipes (3: commands, 4: answers), each message ended by a zero byte. */
class Chromium {
  #process; #pending = new Map(); #next = 1; #rest = Buffer.alloc(0); #session;

  constructor(profile) {
    this.#process = spawn('chromium', ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', `--user-data-dir=${profile}`,
      '--window-size=1500,1000', '--remote-debugging-pipe', 'about:blank'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    this.#process.stdio[4].on('data', chunk => this.#read(chunk));
  }

  #read(chunk) {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (let end; (end = this.#rest.indexOf(0)) >= 0; this.#rest = this.#rest.subarray(end + 1)) {
      const message = JSON.parse(this.#rest.subarray(0, end));
      const waiting = this.#pending.get(message.id);
      if (!waiting) continue;
      this.#pending.delete(message.id);
      if (message.error) waiting.reject(new Error(message.error.message));
      else waiting.resolve(message.result);
    }
  }

  send(method, params = {}) {
    const id = this.#next++;
    this.#process.stdio[3].write(JSON.stringify({ id, method, params, sessionId: this.#session }) + '\0');
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
  }

  async open(url) {
    const { targetId } = await this.send('Target.createTarget', { url });
    this.#session = (await this.send('Target.attachToTarget', { targetId, flatten: true })).sessionId;
  }

  async evaluate(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Types a line into Neo4j Browser's editor and presses Ctrl-Enter, until it is taken (which empties the editor). */
  async enter(line) {
    for (let attempt = 0; attempt < 5; attempt++) {
      await this.evaluate(`{ const editor = document.querySelector('.CodeMirror').CodeMirror; editor.setValue(${JSON.stringify(line)}); editor.focus(); }`);
      await sleep(1000);
      for (const type of ['keyDown', 'keyUp'])
        await this.send('Input.dispatchKeyEvent', { type, key: 'Enter', code: 'Enter', modifiers: 2, windowsVirtualKeyCode: 13 });
      await sleep(2000);
      if (await this.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue() === ''")) return;
    }
    throw new Error(`Neo4j Browser did not take: ${line}`);
  }

  /** Waits until the expression is true on the page. */
  async until(expression, what, seconds = 90) {
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(200)) if (await this.evaluate(expression)) return;
    throw new Error(`${what} did not come within ${seconds} s; the page says: ${await this.evaluate('document.body.innerText.slice(0, 600)')}`);
  }

  async close() {
    this.#process.kill();
    await new Promise(resolve => this.#process.once('exit', resolve));
  }
}

const profile = await mkdtemp(join(tmpdir(), 'browser-picture-'));
const chromium = new Chromium(profile);
try {
  await chromium.open(new URL('/browser/', address).href);
  await chromium.until("!!document.querySelector('.CodeMirror')?.CodeMirror", 'the editor of Neo4j Browser');
  await sleep(3000);
  // Over HTTP instead of Bolt, so that the server needs no second port.
  await chromium.enter(':config useBolt: false');
  await chromium.send('Page.reload');
  await sleep(3000);
  await chromium.until("!!document.querySelector('.CodeMirror')?.CodeMirror", 'the editor of Neo4j Browser');
  await sleep(3000);
  await chromium.enter(':clear');
  await chromium.enter(cypher);
  await chromium.until("document.querySelectorAll('svg g.node, svg .node').length > 1", 'the graph');
  await chromium.evaluate("document.querySelector('[ng-click*=toggleFullscreen]').click()");
  // The layout of the graph comes to rest.
  await sleep(12000);
  // Full screen, this version of Browser draws larger than the window: the whole graph is fitted into it.
  await chromium.evaluate(`{
    const nodes = [...document.querySelectorAll('svg .node')], svg = nodes[0].ownerSVGElement;
    const places = nodes.map(node => node.transform.baseVal.consolidate().matrix), xs = places.map(p => p.e), ys = places.map(p => p.f);
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    svg.setAttribute('viewBox', [left - 45, top - 45, right - left + 90, bottom - top + 90].join(' '));
    svg.style.height = innerHeight - 150 + 'px';
  }`);
  await sleep(1000);
  const { data } = await chromium.send('Page.captureScreenshot', { format: 'png' });
  await writeFile(file, Buffer.from(data, 'base64'));
} catch (error) {
  await chromium.send('Page.captureScreenshot', { format: 'png' }).then(({ data }) => writeFile(file + '.failed.png', Buffer.from(data, 'base64')), () => {});
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await chromium.close();
  await rm(profile, { recursive: true, force: true });
}
