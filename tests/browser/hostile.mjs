// Makes results with hostile strings and the same with plain words, and compares what parsers see of their publications.
// node hostile.mjs make DIR STRINGS | compare DIR
import fs from 'node:fs';
import path from 'node:path';

const [verb, work, strings] = process.argv.slice(2);
const own = ['</script><script>alert(1)</script>', '<img src=x onerror=alert(1)>', '"><svg onload=alert(1)>', "' onmouseover='alert(1)", 'a | b | c', '[x](http://e.example)', '![x](http://e.example/x.png)',
    'http://e.example www.e.example', '@somebody #1', '`code` **bold** _em_ ~~no~~', '<!-- crosschip:end head -->', '-->', ']]>', '&lt;b&gt;', '$x$ \\(y\\)', '=cmd|calc', '../../etc/passwd', '\\| \\', '| --- | --- |', '</td></tr></table><table>', '# heading', '[^n]: note', '<details>', '{{7*7}}'];

const results = (name) => [1, 2, 3].map((k) => {
    const rate = 20 + k, rates = [0.99, 1, 1.01].map((f) => rate * f), times = rates.map((r) => 128e9 / r);
    const mean = (v) => v.reduce((a, b) => a + b) / v.length, deviation = (v) => Math.sqrt(v.reduce((a, b) => a + (b - mean(v)) ** 2, 0) / (v.length - 1));
    return { build_commit: 'abc1234', build_number: 4000, cpu_info: 'CPU', gpu_info: `${name} ${k}`, backends: name, model_filename: `${name}.gguf`, model_type: name, model_size: 4e9, model_n_params: 7e9,
        n_batch: 2048, n_ubatch: 512, n_threads: 8, type_k: 'f16', type_v: 'f16', n_gpu_layers: 99, n_prompt: 0, n_gen: 128, n_depth: 0, test_time: '2025-03-01T10:00:00Z',
        avg_ns: mean(times), stddev_ns: deviation(times), avg_ts: mean(rates), stddev_ts: deviation(rates), samples_ns: times, samples_ts: rates };
});

const make = () => {
    let all = [...own];
    if (strings && fs.existsSync(strings))
        for (const file of fs.readdirSync(strings).filter((name) => /^(markdown_html|csv_formula|file_names|tokens)\.json$/.test(name))) {
            const found = [], collect = (value) => { if (typeof value === 'string') found.push(value); else if (value && typeof value === 'object') Object.values(value).forEach(collect); };
            collect(JSON.parse(fs.readFileSync(path.join(strings, file), 'utf8')));
            all.push(...found.filter((text) => text.trim().length > 0 && text.length <= 60).slice(0, 12));
        }
    for (const kind of ['plain', 'hostile']) fs.mkdirSync(path.join(work, kind), { recursive: true });
    all.forEach((text, i) => {
        const file = `r${String(i).padStart(3, '0')}.json`;
        fs.writeFileSync(path.join(work, 'hostile', file), JSON.stringify(results(`${text} ${i}`)));
        fs.writeFileSync(path.join(work, 'plain', file), JSON.stringify(results(`word ${i}`)));
    });
};

const files = (folder) => fs.readdirSync(folder, { recursive: true }).map(String).filter((file) => fs.statSync(path.join(folder, file)).isFile());
const compare = async () => {
    const { chromium } = await import('playwright-core');
    let number = 0, failed = 0;
    const check = (good, text, detail) => { number++; failed += good ? 0 : 1; console.log(`${good ? 'ok' : 'not ok'} ${number} - ${text}`); if (!good) console.log('# ' + JSON.stringify(detail).slice(0, 1500)); };
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
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
    for (const [what, pattern] of [['RESULTS.md', /^results\.html$/], ['pages of chips', /^site\/chip-/], ['pages of models', /^site\/model-/], ['all other pages', /^site\/(?!chip-|model-|compare-)/], ['charts and badges', /^(charts|badges)\/.*\.svg$/]]) {
        const plain = await sum(path.join(work, 'plain-out'), pattern), hostile = await sum(path.join(work, 'hostile-out'), pattern);
        const differs = difference(plain, hostile);
        check(Object.keys(plain).length > 3 && Object.keys(differs).length === 0, `${what}: the same elements, attributes and links as with plain words`, differs);
    }
    const names = (kind) => files(path.join(work, kind)).length;
    check(names('plain-out') === names('hostile-out'), 'as many files', [names('plain-out'), names('hostile-out')]);
    check(files(path.join(work, 'hostile-out')).every((file) => /^(RESULTS\.md|results\.html|[a-z]+\.xml|(charts|data|site|badges)\/[a-zA-Z0-9.-]+)$/.test(file)), 'with plain names, in the folders of a publication');
    for (const file of files(path.join(work, 'hostile-out')).filter((name) => /^site\/(index|find|compare|submissions)\.html$/.test(name))) await page.goto('file://' + path.resolve(work, 'hostile-out', file));
    check(dialogs.length === 0, 'nothing runs', dialogs);
    const formulas = files(path.join(work, 'hostile-out')).filter((name) => name.endsWith('.csv')).filter((name) => /(^|,)"?[=+@]/m.test(fs.readFileSync(path.join(work, 'hostile-out', name), 'utf8')));
    check(formulas.length === 0, 'no cell of a CSV file begins a formula', formulas);
    await browser.close();
    console.log(`1..${number}`);
    process.exit(failed > 0 ? 1 : 0);
};
if (verb === 'make') make(); else await compare();
