// Makes results with hostile strings and the same with plain words, and compares what parsers see of their publications.
// node hostile.mjs make DIR STRINGS | compare DIR
// The strings are all of the corpus and those below, in equal parts that RESULTS.md shows unsplit: DIR/0 …, beside DIR/plain.
// Two names never become one: the number of a name stands behind it, or before it where readers shorten it, and what
// llama-bench would take for a size is in the name of the file only.
import fs from 'node:fs';
import path from 'node:path';

const [verb, root, strings] = process.argv.slice(2);
const partMax = 50;
const own = ['</script><script>alert(1)</script>', '<img src=x onerror=alert(1)>', '"><svg onload=alert(1)>', "' onmouseover='alert(1)", 'a | b | c', '[x](http://e.example)', '![x](http://e.example/x.png)',
    'http://e.example www.e.example', '@somebody #1', '`code` **bold** _em_ ~~no~~', '<!-- crosschip:end head -->', '-->', ']]>', '&lt;b&gt;', '$x$ \\(y\\)', '=cmd|calc', '../../etc/passwd', '\\| \\', '| --- | --- |', '</td></tr></table><table>', '# heading', '[^n]: note', '<details>', '{{7*7}}', 'a'.repeat(5000), 'b'.repeat(5000)];

const results = (name) => [1, 2, 3].map((k) => {
    const rate = 20 + k, rates = [0.99, 1, 1.01].map((f) => rate * f), times = rates.map((r) => 128e9 / r);
    const mean = (v) => v.reduce((a, b) => a + b) / v.length, deviation = (v) => Math.sqrt(v.reduce((a, b) => a + (b - mean(v)) ** 2, 0) / (v.length - 1));
    return { build_commit: 'abc1234', build_number: 4000, cpu_info: 'CPU', gpu_info: name.length > 50 ? `${k} ${name}` : `${name} ${k}`, backends: name, model_filename: `${name}.gguf`, model_type: /^\S+ \S*\d/.test(name) ? undefined : name, model_size: 4e9, model_n_params: 7e9,
        n_batch: 2048, n_ubatch: 512, n_threads: 8, type_k: 'f16', type_v: 'f16', n_gpu_layers: 99, n_prompt: 0, n_gen: 128, n_depth: 0, test_time: '2025-03-01T10:00:00Z',
        avg_ns: mean(times), stddev_ns: deviation(times), avg_ts: mean(rates), stddev_ts: deviation(rates), samples_ns: times, samples_ts: rates };
});

// The strings of all files of the corpus, each once; without it, those above.
const collected = () => {
    const found = [], collect = (value) => { if (typeof value === 'string') found.push(value); else if (value && typeof value === 'object') Object.values(value).forEach(collect); };
    if (strings && fs.existsSync(strings))
        for (const file of fs.readdirSync(strings).filter((name) => name.endsWith('.json')).sort())
            collect(JSON.parse(fs.readFileSync(path.join(strings, file), 'utf8')));
    return [...new Set([...own, ...found.filter((text) => text.trim().length > 0)])];
};

// The first strings fill up the last part.
const make = () => {
    const all = collected(), parts = Math.ceil(all.length / partMax), size = Math.ceil(all.length / parts);
    const write = (folder, i, name) => fs.writeFileSync(path.join(root, folder, `r${String(i).padStart(3, '0')}.json`), JSON.stringify(results(name)));
    for (let part = -1; part < parts; part++) {
        const folder = part < 0 ? 'plain' : String(part);
        fs.mkdirSync(path.join(root, folder));
        for (let i = 0; i < size; i++) {
            const text = part < 0 ? 'word' : all[(part * size + i) % all.length];
            write(folder, i, text.length > 300 ? `${i} ${text}` : `${text} ${i}`);
        }
    }
    console.log(`# ${all.length} strings in ${parts} parts`);
};

const files = (folder) => fs.readdirSync(folder, { recursive: true }).map(String).filter((file) => fs.statSync(path.join(folder, file)).isFile());
let number = 0, failed = 0;
const check = (good, text, detail) => { number++; failed += good ? 0 : 1; console.log(`${good ? 'ok' : 'not ok'} ${number} - ${text}`); if (!good) console.log('# ' + JSON.stringify(detail ?? null).slice(0, 1500)); };
const kinds = [['RESULTS.md', /^results\.html$/], ['pages of chips', /^site\/chip-/], ['pages of models', /^site\/model-/], ['all other pages', /^site\/(?!chip-|model-|compare-)/], ['charts and badges', /^(charts|badges)\/.*\.svg$/]];
const compare = async (browser, plainOut, hostileOut, plain) => {
    const page = await browser.newPage({ javaScriptEnabled: true });
    const dialogs = [];
    page.on('dialog', (dialog) => { dialogs.push(dialog.message()); dialog.dismiss(); });
    // How many elements a parser sees, attributes of each name, and where links lead but for names of files. What says that a
    // check has a remark, that a value is missing, that a name was shortened or is unknown may differ: it depends on the name.
    const may = new Set(['sup', 'section', 'ol', 'span', 'title', 'text', 'code', 'td', 'li id', 'href:#', 'href:reading.html#']);
    const mayLink = new Set(['aria-label href', 'data-footnote-ref href id', 'aria-label class data-footnote-backref href'].map((names) => 'a ' + names));
    const shape = (text) => page.evaluate((text) => {
        const parsed = new DOMParser().parseFromString(text, 'text/html'), counts = {};
        for (const element of parsed.querySelectorAll('*')) {
            const key = element.localName + [...element.attributes].map((a) => ' ' + a.name).sort().join('');
            counts[key] = (counts[key] ?? 0) + 1;
            if (/^t[dh]$/.test(element.localName)) counts.cells = (counts.cells ?? 0) + 1;
            for (const name of ['href', 'src']) {
                const value = element.getAttribute(name);
                if (value !== null) { const to = name + ':' + value.replace(/[a-z0-9-]*-[0-9a-f]{8}(?=[-.]|$)/g, 'NAME').replace(/#.*/, '#'); counts[to] = (counts[to] ?? 0) + 1; }
            }
        }
        return counts;
    }, text);
    const sum = async (folder, pattern) => {
        const total = {};
        for (const file of files(folder).filter((name) => pattern.test(name)))
            for (const [key, count] of Object.entries(await shape(fs.readFileSync(path.join(folder, file), 'utf8')))) total[key] = (total[key] ?? 0) + count;
        return total;
    };
    const difference = (a, b) => Object.fromEntries([...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => a[key] !== b[key] && !may.has(key) && !mayLink.has(key) && !/^(sup|section|ol|span|title|text|code|td)( (class|id|data-v|data-footnotes|aria-label|role|fill|font-size|font-variant|font-weight|text-anchor|x|y))*$/.test(key)).map((key) => [key, [a[key], b[key]]]));
    for (const [what, pattern] of kinds) {
        plain[what] ??= await sum(plainOut, pattern);
        const hostile = await sum(hostileOut, pattern);
        const differs = difference(plain[what], hostile);
        check(Object.keys(plain[what]).length > 3 && Object.keys(differs).length === 0, `${what}: the same elements, attributes and links as with plain words`, differs);
    }
    const written = files(hostileOut), expected = files(plainOut).length;
    check(written.length === expected, 'as many files', [expected, written.length]);
    check(written.every((file) => /^(RESULTS\.md|results\.html|[a-z]+\.xml|(charts|data|site|badges)\/[a-zA-Z0-9.-]+)$/.test(file)), 'with plain names, in the folders of a publication');
    for (const file of written.filter((name) => /^site\/(index|find|compare|submissions)\.html$/.test(name))) await page.goto('file://' + path.resolve(hostileOut, file));
    check(dialogs.length === 0, 'nothing runs', dialogs);
    const formulas = written.filter((name) => name.endsWith('.csv')).filter((name) => /(^|,)"?[=+@]/m.test(fs.readFileSync(path.join(hostileOut, name), 'utf8')));
    check(formulas.length === 0, 'no cell of a CSV file begins a formula', formulas);
    await page.close();
};
const compareAll = async () => {
    const { chromium } = await import('playwright-core');
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
    const plain = {};
    for (const part of fs.readdirSync(root).filter((name) => /^\d+$/.test(name)).sort((a, b) => a - b)) {
        console.log(`# part ${part}`);
        await compare(browser, path.join(root, 'plain-out'), path.join(root, `${part}-out`), plain);
    }
    await browser.close();
    console.log(`1..${number}`);
    process.exit(failed > 0 ? 1 : 0);
};
if (verb === 'make') make(); else await compareAll();
