// Drives the published pages: node site.mjs SITE PROFILE [SHOTS]. Prints TAP; SHOTS is a folder for pictures.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { HtmlValidate } from 'html-validate';

const [site, profile, shots] = process.argv.slice(2);
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let number = 0, failed = 0;
const check = (good, text, detail) => {
    number++;
    if (!good) failed++;
    console.log(`${good ? 'ok' : 'not ok'} ${number} - ${text}`);
    if (!good && detail !== undefined) console.log('# ' + JSON.stringify(detail).slice(0, 1500));
};
const files = fs.readdirSync(site).sort();
const first = (prefix) => files.find((file) => file.startsWith(prefix));
const largest = (prefix) => files.filter((file) => file.startsWith(prefix)).sort((a, b) => fs.statSync(path.join(site, b)).size - fs.statSync(path.join(site, a)).size)[0];
const model = largest('model-'), chip = first('chip-apple-m1-max') ?? first('chip-');
const kinds = { home: 'index.html', find: 'find.html', compare: 'compare.html', versions: 'versions.html', submissions: 'submissions.html', contribute: 'contribute.html', reading: 'reading.html', method: 'method.html',
    model, chip, family: first('family-apple-m1'), pair: first('compare-m1-vs') ?? first('compare-'), submission: first('submission-') };
const address = (file, hash = '') => pathToFileURL(path.join(path.resolve(site), file)).href + hash;

const open = (options) => chromium.launchPersistentContext(profile + number, {
    executablePath: '/usr/bin/chromium', headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'], ...options });
// Badges and charts of the publication itself may be shown; nothing from elsewhere.
const own = pathToFileURL(path.dirname(path.resolve(site))).href + '/';
const asked = [], troubles = [];
const watch = (page) => {
    page.on('request', (request) => { if (!request.isNavigationRequest() && !request.url().startsWith(own)) asked.push(request.url()); });
    page.on('console', (message) => { if (message.type() === 'error') troubles.push(page.url() + ' ' + message.text()); });
    page.on('pageerror', (error) => troubles.push(page.url() + ' ' + error));
    return page;
};
const column = (page, id, n) => page.$$eval(`#${id} tbody tr`, (rows, n) => rows.filter((row) => !row.hidden).map((row) => row.cells[n].textContent), n);
const heading = (page, id, text) => page.$$eval(`#${id} thead th`, (heads, text) => heads.findIndex((head) => head.textContent.includes(text)), text);

// ---- valid HTML, links, weight
const validator = new HtmlValidate({ extends: ['html-validate:standard'], rules: { 'no-raw-characters': 'off', 'long-title': 'off', 'svg-focusable': 'off' } });
const invalid = [];
// The validator does not know what stands inside <svg>: that is parsed as XML below.
const withoutCharts = (text) => text.replace(/(<svg[^>]*>)[^]*?<\/svg>/g, '$1</svg>');
for (const file of [...Object.values(kinds), ...files.filter((_, i) => i % 25 === 0)]) {
    const report = await validator.validateString(withoutCharts(fs.readFileSync(path.join(site, file), 'utf8')), file);
    for (const result of report.results) for (const message of result.messages) invalid.push(`${file}:${message.line} ${message.ruleId} ${message.message}`);
}
check(invalid.length === 0, 'pages are valid HTML', invalid.slice(0, 8));
const broken = [];
for (const file of files) {
    const text = fs.readFileSync(path.join(site, file), 'utf8');
    const ids = new Set([...text.matchAll(/ id="([^"]*)"/g)].map((m) => m[1]));
    if (ids.size !== [...text.matchAll(/ id="([^"]*)"/g)].length) broken.push(file + ' has an id twice');
    for (const [, href] of text.matchAll(/ href="([^"]*)"/g)) {
        const [to, anchor] = href.split('#');
        if (/^[a-z]+:/.test(href) || (to && !fs.existsSync(path.join(site, to)))) broken.push(file + ' → ' + href);
        else if (anchor && !to && !ids.has(anchor)) broken.push(file + ' → ' + href);
        else if (anchor && to && !fs.readFileSync(path.join(site, to), 'utf8').includes(` id="${anchor}"`)) broken.push(file + ' → ' + href);
    }
}
check(broken.length === 0, 'every link leads to a file and an id that are there', broken.slice(0, 8));
const { gzipSync } = await import('node:zlib');
const weights = files.map((file) => [gzipSync(fs.readFileSync(path.join(site, file))).length, file]).sort((a, b) => b[0] - a[0]);
check(weights[0][0] <= 150000, `no page is over 150 kB compressed (largest ${weights[0][0]})`, weights.slice(0, 3));
const script = /<script>([^]*?)<\/script>/.exec(fs.readFileSync(path.join(site, 'index.html'), 'utf8'))[1];
check(Buffer.byteLength(script) <= 10000, `the script is at most 10 kB (${Buffer.byteLength(script)})`);

// ---- accessibility, themes, phone
for (const [look, options] of [['light', { colorScheme: 'light', viewport: { width: 1280, height: 900 } }], ['dark', { colorScheme: 'dark', viewport: { width: 1280, height: 900 } }], ['phone', { colorScheme: 'light', viewport: { width: 360, height: 720 }, hasTouch: true }]]) {
    const browser = await open(options), page = watch(await browser.newPage());
    const wrong = [], wide = [], broken = [], cut = [];
    for (const [kind, file] of Object.entries(kinds)) {
        await page.goto(address(file));
        if (shots) { fs.mkdirSync(shots, { recursive: true }); await page.screenshot({ path: path.join(shots, `${kind}-${look}.png`) }); }
        if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) wide.push(kind);
        // The caption of a table that scrolls, and a command to copy, are seen whole on a phone.
        cut.push(...await page.evaluate(() => [...document.querySelectorAll('caption, pre')].filter((element) => {
            const range = document.createRange();
            range.selectNodeContents(element);
            return element.tagName === 'PRE' ? innerWidth < 640 && element.scrollWidth > element.clientWidth : range.getBoundingClientRect().right > innerWidth;
        }).map((element) => location.pathname.split('/').pop() + ' ' + element.textContent)));
        // Words with a hyphen, and the arrow of a heading with the word before it, keep to one line.
        broken.push(...await page.evaluate(() => [...document.querySelectorAll('td.w, thead th:has(button)')].filter((cell) => {
            const button = cell.querySelector('button'), range = document.createRange();
            if (button) return !/[\s-]/.test(button.textContent) && button.offsetHeight > 45;
            range.selectNodeContents(cell);
            return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1;
        }).map((cell) => location.pathname.split('/').pop() + ' ' + cell.textContent)));
        const results = await (await browser.newCDPSession(page)).send('Runtime.evaluate', { expression: `${axe};axe.run(document,{runOnly:['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}).then(r=>JSON.stringify(r.violations.map(v=>[v.id,v.nodes.length,v.nodes[0].target.join(' '),v.nodes[0].failureSummary])))`, awaitPromise: true, returnByValue: true });
        const violations = JSON.parse(results.result.value ?? '[["axe did not run"]]');
        for (const violation of violations) wrong.push([kind, ...violation]);
    }
    check(wrong.length === 0, `axe finds nothing (${look})`, wrong.slice(0, 6));
    check(wide.length === 0, `no page scrolls sideways (${look})`, wide);
    check(broken.length === 0, `no date or name is broken at its hyphen, no arrow stands alone (${look})`, broken.slice(0, 6));
    check(cut.length === 0, `no caption or command is cut (${look})`, cut.slice(0, 6));
    await page.goto(address(kinds.family));
    const member = await page.$eval('#members', (table) => {
        const box = table.closest('.scroll'), head = table.tHead.rows[0].cells[0], name = table.tBodies[0].rows[1].cells[0];
        box.scrollLeft = 9999;
        return [head, name].map((cell) => Math.round(cell.getBoundingClientRect().left - box.getBoundingClientRect().left)).join();
    });
    check(member === '0,0', `the names of a family stay while its figures scroll (${look})`, member);
    await page.goto(address(kinds.pair));
    const right = await page.$eval('#pair tbody td:nth-of-type(3)', (cell) => cell.getBoundingClientRect().right);
    check(right <= page.viewportSize().width, `the figures of a pair and their factor are seen without scrolling (${look})`, right);
    const links = await page.$$eval('nav a', (all) => all.map((link) => link.getBoundingClientRect()).map((box) => [box.right, box.height]));
    check(links.length > 5 && links.every(([right, height]) => right <= page.viewportSize().width && height >= 44), `every page of the navigation is seen (${look})`, links);
    await page.goto(address(chip));
    const value = await page.$$eval('#figures tbody td:nth-of-type(2)', (cells) => Math.max(...cells.map((cell) => cell.getBoundingClientRect().right)));
    check(value <= page.viewportSize().width, `the figures of a chip are seen without scrolling (${look})`, value);
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    check(background === (look === 'dark' ? 'rgb(18, 22, 27)' : 'rgb(255, 255, 255)'), `the page is ${look === 'dark' ? 'dark' : 'light'} where the system is (${look})`, background);
    await page.goto(address(model));
    const figure = await page.$$eval('#t1 tbody tr td:nth-of-type(3)', (cells) => Math.max(...cells.map((cell) => cell.getBoundingClientRect().right)));
    check(figure <= page.viewportSize().width, `the first figures of a model are seen without scrolling (${look})`, figure);
    const charts = await page.$$eval('figure svg', (all) => all.map((svg) => svg.getBoundingClientRect()).filter((box) => box.width > 0).map((box) => box.right));
    check(charts.length > 0 && charts.every((right) => right <= page.viewportSize().width), `charts are seen whole (${look})`, charts);
    if (look === 'dark') {
        const fill = await page.$eval('figure svg > rect', (rect) => getComputedStyle(rect).fill);
        check(fill === 'rgb(18, 22, 27)', 'charts follow the theme', fill);
    }
    await browser.close();
}

// ---- what the script adds
const browser = await open({ viewport: { width: 1280, height: 900 } }), page = watch(await browser.newPage());
await page.goto(address(model));
const chipColumn = await heading(page, 't1', 'Chip'), factorColumn = await heading(page, 't1', 'vs ');
const before = await column(page, 't1', chipColumn);
await page.locator(`#t1 thead th:nth-child(${chipColumn + 1}) button`).click();
const sorted = await column(page, 't1', chipColumn);
check(JSON.stringify(sorted) === JSON.stringify([...before].sort(new Intl.Collator('en', { numeric: true }).compare)) && sorted.join() !== before.join(), 'a table sorts by names in natural order');
check(await page.$eval(`#t1 thead th:nth-child(${chipColumn + 1})`, (head) => head.getAttribute('aria-sort')) === 'ascending', 'the sorted column says so');
await page.locator(`#t1 thead th:nth-child(${factorColumn + 1}) button`).click();
const factors = (await column(page, 't1', factorColumn)).map((text) => text === 'baseline' ? 1 : parseFloat(text));
check(factors.every((f, i) => i === 0 || f <= factors[i - 1]), 'numbers sort downwards first', factors);
await page.locator('#t1-find').fill('max');
const kept = await column(page, 't1', chipColumn);
check(kept.length > 0 && kept.length < before.length && kept.every((name) => name.toLowerCase().includes('max')), 'the filter keeps rows that hold the word', kept);
await page.locator('#t1-find').fill('');
const base = before[6], at = before.indexOf(base), value = +(await page.$eval(`#t1 thead th:nth-child(${factorColumn + 1})`, (head) => head.dataset.value));
await page.locator('#t1-base').selectOption({ label: base });
const related = await page.$$eval('#t1 tbody tr', (rows, [chip, factor, value]) => rows.map((row) => [row.cells[chip].textContent, row.cells[factor].textContent, +row.cells[value].dataset.v]), [chipColumn, factorColumn, value]);
const basis = related.find((row) => row[0] === base)[2];
check(at >= 0 && related.every(([name, text, v]) => name === base ? text === 'baseline' : Math.abs(parseFloat(text) - v / basis) <= Math.max(0.051, v / basis / 20)), 'another baseline relates all factors to it', related.slice(0, 4));
check((await page.locator(`#t1 thead th:nth-child(${factorColumn + 1})`).textContent()).startsWith('vs ' + base), 'the heading names it');
const state = await page.evaluate(() => location.hash);
const again = watch(await browser.newPage());
await again.goto(address(model, state));
check(JSON.stringify(await column(again, 't1', factorColumn)) === JSON.stringify(await column(page, 't1', factorColumn)) && JSON.stringify(await column(again, 't1', chipColumn)) === JSON.stringify(await column(page, 't1', chipColumn)), 'the address carries sorting and baseline', state);
await again.close();
const row = await page.$eval('#t1 tbody tr:nth-child(5)', (element) => element.id);
await page.goto('about:blank');
await page.goto(address(model, '#' + row));
check(await page.evaluate(() => document.querySelector('tr:target') !== null), 'a row has an address');
const time = await page.evaluate(() => {
    const body = document.querySelector('#t1 tbody'), rows = [...body.rows];
    while (body.rows.length < 500) for (const row of rows) { if (body.rows.length < 500) body.append(row.cloneNode(true)); }
    const button = document.querySelector('#t1 thead th:nth-child(3) button'), times = [];
    for (let i = 0; i < 7; i++) { const begun = performance.now(); button.click(); times.push(performance.now() - begun); }
    return times.sort((a, b) => a - b)[3];
});
check(time < 50, `500 rows sort in less than 50 ms (${time.toFixed(1)})`);

const badCharts = await page.evaluate(() => [...document.querySelectorAll('figure svg')].filter((svg) => new DOMParser().parseFromString(new XMLSerializer().serializeToString(svg), 'image/svg+xml').querySelector('parsererror')).length);
check(badCharts === 0, 'charts are well-formed');

// ---- tooltips by pointer and keyboard
await page.goto('about:blank');
await page.goto(address(model));
await page.locator('figure svg [data-t]').first().hover();
const tip = page.locator('.tip');
check(await tip.isVisible() && (await tip.textContent()).length > 3, 'a bar says its figure under the pointer');
await page.keyboard.press('Escape');
check(!await tip.isVisible(), 'Escape takes it away');
await page.mouse.move(0, 0);
await page.locator('figure .scroll').first().focus();
await page.keyboard.press('ArrowDown');
const one = await tip.textContent();
await page.keyboard.press('ArrowDown');
check(await tip.isVisible() && one !== await tip.textContent(), 'arrow keys go from bar to bar');

// ---- keyboard only
await page.goto(address('find.html'));
await page.keyboard.press('Tab');
check(await page.evaluate(() => document.activeElement.className === 'skip'), 'the first stop skips to the content');
await page.keyboard.press('Enter');
for (let i = 0; i < 3 && !await page.evaluate(() => document.activeElement.type === 'search'); i++) await page.keyboard.press('Tab');
await page.keyboard.type('m1 max');
check((await column(page, 'chips', 0)).join() === 'Apple M1 Max', 'a chip is found by typing', await column(page, 'chips', 0));
for (let i = 0; i < 12 && !await page.evaluate(() => document.activeElement.tagName === 'A' && document.activeElement.closest('tbody')); i++) await page.keyboard.press('Tab');
await page.keyboard.press('Enter');
await page.waitForLoadState();
check((await page.locator('h1').textContent()) === 'Apple M1 Max', 'and opened with Enter');

// ---- one search for chips, models and families
const found = () => page.$$eval('main tbody tr, main .links li', (all) => all.filter((item) => item.offsetHeight > 0).map((item) => item.textContent));
await page.goto(address('find.html'));
const everything = (await found()).length;
check(await page.evaluate(() => document.querySelectorAll('input').length === 1 && document.querySelector('input').getBoundingClientRect().bottom < document.querySelector('h2').getBoundingClientRect().top), 'one search stands above what there is to find');
await page.locator('input').fill('apple m1');
const apple = await found();
check(apple.length > 2 && apple.length < everything && apple.includes('Apple M1') && apple.every((text) => /apple/i.test(text)), 'it looks through all of it', apple);
check((await page.locator('.tools').textContent()).includes(`${apple.length} of ${everything}`), 'and counts');
await page.locator('input').fill('zzzz');
check((await found()).length === 0 && await page.locator('text=Nothing matches.').count() === 3 && await page.locator('text=Nothing matches.').first().isVisible() && !await page.locator('thead').isVisible(), 'where nothing is left the page says so');
const searched = await page.evaluate(() => location.href);
await page.goto('about:blank');
await page.goto(searched);
check(await page.locator('input').inputValue() === 'zzzz' && (await found()).length === 0, 'the address carries the search');
await page.locator('input').fill('');
check((await found()).length === everything && !await page.locator('text=Nothing matches.').first().isVisible(), 'an empty search shows all');

await page.goto(address('index.html'));
const wasDark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
await page.locator('header button').press('Enter');
check(wasDark !== await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'the theme can be turned by hand');

const alone = [];
for (const width of [1280, 1000, 900, 700]) {
    await page.setViewportSize({ width, height: 900 });
    const [button, nav] = await page.$$eval('header button, header nav', (all) => all.map((element) => element.getBoundingClientRect().toJSON()).sort((a, b) => b.left - a.left));
    if (button.top >= nav.bottom) alone.push(width);
}
check(alone.length === 0, 'the theme button never stands on a row of its own', alone);
await page.setViewportSize({ width: 1280, height: 900 });

// ---- several variants of a chip
const mixed = files.find((file) => file.startsWith('compare-m1-max-vs-m1-ultra'));
await page.goto(address(mixed));
check((await page.locator('main').textContent()).includes('M1 Max pools runs that differ in variant (10C/24G, 10C/32G).'), 'a pair says which variants it puts together');
await page.goto(address('submissions.html'));
await page.locator('#submissions-find').fill('llama_lm_head_lut6');
check((await column(page, 'submissions', await heading(page, 'submissions', 'Models'))).every((name) => name.includes('lut6')), 'a submission is found by its model');

// ---- long tables
await page.goto(address('submissions.html'));
const visible = () => page.$$eval('#submissions tbody tr', (rows) => rows.filter((row) => row.offsetHeight > 0).length), more = page.locator('text=Show all 80');
check(await visible() === 50 && await more.isVisible(), 'of a long table the first 50 rows are seen', await visible());
await page.locator('#submissions thead button').first().click();
const last = await page.$eval('#submissions tbody tr:last-child', (row) => row.cells[0].textContent);
await page.locator('#submissions-find').fill(last);
check(await visible() === 1 && !await more.isVisible(), 'the filter finds a row behind them');
await page.locator('#submissions-find').fill('');
await page.emulateMedia({ media: 'print' });
check(await visible() === 80, 'on paper all stand');
await page.emulateMedia({ media: null });
check(await visible() === 50, 'an emptied filter shows the first again');
await more.click();
check(await visible() === 80 && !await more.isVisible(), 'and all are shown when asked for');

// ---- why runs count nowhere
const explained = files.filter((file) => file.startsWith('submission-') && fs.readFileSync(path.join(site, file), 'utf8').includes('<strong>Two models under one name.</strong> 13 runs of <code>llama_lm_head</code>'));
await page.goto(address('index.html'));
await page.locator('text=What was left out').click();
check(explained.length === 13 && await page.locator('#left-out').isVisible() && (await page.locator('main').textContent()).includes('Two models under one name.'), 'pages that name runs of two models under one name say what that is', explained.length);

// ---- compare any two
await page.goto(address('compare.html', '#a=M1+Max&b=M2'));
const options = await page.$$eval('#choose-a option', (items) => items.map((item) => item.textContent));
const max = options.find((text) => text.startsWith('M1 Max')), two = options.find((text) => text === 'M2' || text.startsWith('M2,'));
await page.locator('#choose-a').selectOption({ label: max });
await page.locator('#choose-b').selectOption({ label: two });
const rows = await page.$$eval('#c tbody tr', (items) => items.map((item) => [...item.cells].map((cell) => cell.dataset.v ?? cell.textContent)));
check(rows.length > 0 && rows.every((r) => Math.abs(+r[3] - +r[2] / +r[1]) < 1e-9 || Math.abs(+r[3] - +r[1] / +r[2]) < 1e-9), 'any two stand side by side with their factor', rows.slice(0, 2));
await page.locator('#choose-a').selectOption({ label: two });
check(await page.locator('#c').count() === 0 && (await page.locator('#compare').textContent()).includes('Choose another beside it.'), 'a chip is not compared with itself');
await page.locator('#choose-a').selectOption({ label: max });
const link = await page.evaluate(() => location.href);
await page.goto('about:blank');
await page.goto(link);
check(await page.$eval('#choose-b', (field) => field.selectedOptions[0].textContent) === two, 'the address carries the two');
if (shots) await page.screenshot({ path: path.join(shots, 'compare-chosen.png') });
const pairPages = files.filter((file) => file.startsWith('compare-'));
check(pairPages.every((file) => fs.readFileSync(path.join(site, file), 'utf8').includes('id="pair"')), 'a pair has a page only where it has figures in common');
const compared = await page.evaluate(() => {
    const data = JSON.parse(document.getElementById('data').textContent), ends = [0, data.rows.length - 1], links = [];
    let other = 0, wrong = 0;
    const set = (field, value) => { field.value = value; field.onchange(); };
    const [a, b] = ['choose-a', 'choose-b'].map((id) => document.getElementById(id));
    for (const i of ends) {
        set(a, i);
        for (let j = 0; j < data.rows.length; j++) {
            set(b, j);
            const link = document.querySelector('#compare p a');
            if (link) links.push(link.textContent + ' ' + link.getAttribute('href'));
            for (const row of document.querySelectorAll('#c tbody tr')) {
                const backend = (cell) => /Metal|CUDA|Vulkan|CPU|BLAS|ROCm|CoreML/.exec(cell.textContent)?.[0], one = backend(row.cells[4]), two = backend(row.cells[5]);
                const marked = row.cells[3].textContent.endsWith('*');
                other += marked;
                wrong += marked ? one === two : !!one && !!two && one !== two && row.cells[3].textContent !== '–';
            }
        }
    }
    return { links, other, wrong };
});
check(compared.links.length > 1 && compared.links.every((text) => text.startsWith('Page of this pair compare-') && pairPages.includes(text.slice(18))), 'only pairs with a page are linked to one', compared.links);
check(compared.other > 0 && compared.wrong === 0, 'a factor between two backends says so', compared);

// ---- print
await page.goto(address(model));
const pdf = await page.pdf({ format: 'A4' });
await page.emulateMedia({ media: 'print' });
check(pdf.subarray(0, 5).toString() === '%PDF-' && !await page.locator('.tools').first().isVisible() && !await page.locator('nav').isVisible() && await page.locator('#t1').isVisible(), 'printing leaves out the controls');
if (shots) fs.writeFileSync(path.join(shots, 'model.pdf'), pdf);
// A4 less the margins that browsers leave: 717 px upright, 1046 px on its side.
await page.setViewportSize({ width: 717, height: 1046 });
const beyond = [];
for (const [kind, file] of Object.entries(kinds)) {
    await page.goto(address(file));
    beyond.push(...await page.$$eval('table, svg, pre', (all, kind) => all.filter((item) => item.getBoundingClientRect().width > 0 && Math.max(item.getBoundingClientRect().right, item.getBoundingClientRect().left + item.scrollWidth) > innerWidth).map((item) => `${kind} ${item.tagName} ${item.id}`), kind));
}
check(beyond.length === 0, 'nothing is cut off at the edge of the paper', beyond);
await page.goto(address(model));
const upright = await page.evaluate(() => getComputedStyle(document.body).page);
await page.$eval('#t1', (table) => { for (const row of table.rows) for (let i = 0; i < 10; i++) row.append(row.cells[4].cloneNode(true)); });
check(upright === 'auto' && await page.evaluate(() => getComputedStyle(document.body).page) === 'wide', 'a page with a table of many columns lies on its side', upright);
await page.setViewportSize({ width: 1046, height: 717 });
const lying = await page.$eval('#t1', (table) => table.getBoundingClientRect().right);
check(lying <= 1046, 'and holds it', lying);
await page.setViewportSize({ width: 1280, height: 900 });
await browser.close();

// ---- without a script
const plain = await open({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } }), still = watch(await plain.newPage());
const missing = [];
for (const [kind, file] of Object.entries(kinds)) {
    await still.goto(address(file));
    if (!(await still.locator('h1').isVisible())) missing.push(kind);
    if (await still.locator('.tools').count() > 0) missing.push(kind + ' has controls that do nothing');
}
check(missing.length === 0, 'pages are whole without a script', missing);
await still.goto(address('compare.html'));
check(await still.locator('.nojs').isVisible() && await still.locator('main .pairs a').count() > 20, 'pairs have pages without a script');
await still.goto(address(model));
check(await still.locator('figure svg').first().isVisible() && await still.locator('.more').count() === 0 && await still.locator('#t1 tbody tr').count() === before.length, 'charts and tables stand without a script');
await plain.close();

check(asked.length === 0, 'no page asks for anything outside the publication', asked.slice(0, 5));
check(troubles.length === 0, 'no error and no breach of the policy', troubles.slice(0, 5));
console.log(`1..${number}`);
process.exit(failed > 0 ? 1 : 0);
