// Page kinds that a published site alone does not have: node pages.mjs results DIR makes results of two versions of a tool;
// node pages.mjs visit PROFILE SHOTS KIND=ADDRESS… visits pages in light, dark, on a phone, on paper and without a script. Prints TAP.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const [verb, ...rest] = process.argv.slice(2);

const results = (folder) => {
    for (const [number, speed] of [[4000, 20], [4100, 24]]) {
        const rates = [0.98, 0.99, 0.995, 1, 1.005, 1.01, 1.02].map((f) => speed * f), times = rates.map((r) => 128e9 / r);
        const mean = (v) => v.reduce((a, b) => a + b) / v.length, deviation = (v) => Math.sqrt(v.reduce((a, b) => a + (b - mean(v)) ** 2, 0) / (v.length - 1));
        const result = { build_commit: `abc${number}`, build_number: number, cpu_info: 'Apple M2', gpu_info: 'Apple M2', backends: 'Metal', model_filename: 'llama-2-7b.Q4_0.gguf', model_type: 'llama 7B Q4_0', model_size: 3791273984, model_n_params: 6738415616,
            n_batch: 2048, n_ubatch: 512, n_threads: 4, type_k: 'f16', type_v: 'f16', n_gpu_layers: 99, n_prompt: 0, n_gen: 128, n_depth: 0, test_time: `2025-03-0${number / 100 - 39}T10:00:00Z`,
            avg_ns: mean(times), stddev_ns: deviation(times), avg_ts: mean(rates), stddev_ts: deviation(rates), samples_ns: times, samples_ts: rates };
        fs.writeFileSync(path.join(folder, `build-${number}.json`), JSON.stringify([result]));
    }
};

const visit = async (profile, shots, pages) => {
    const { chromium } = await import('playwright-core');
    const { HtmlValidate } = await import('html-validate');
    const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const validator = new HtmlValidate({ extends: ['html-validate:standard'], rules: { 'no-raw-characters': 'off', 'long-title': 'off', 'svg-focusable': 'off' } });
    let number = 0, failed = 0;
    const check = (good, text, detail) => {
        number++;
        if (!good) failed++;
        console.log(`${good ? 'ok' : 'not ok'} ${number} - ${text}`);
        if (!good) console.log('# ' + JSON.stringify(detail).slice(0, 1500));
    };
    const open = (options) => chromium.launchPersistentContext(profile + number, { executablePath: '/usr/bin/chromium', headless: true, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'], ...options });
    const looks = { light: { colorScheme: 'light', viewport: { width: 1280, height: 900 } }, dark: { colorScheme: 'dark', viewport: { width: 1280, height: 900 } }, phone: { colorScheme: 'dark', viewport: { width: 360, height: 720 } }, 'no script': { javaScriptEnabled: false, viewport: { width: 1280, height: 900 } } };
    const asked = [], troubles = [];
    for (const [look, options] of Object.entries(looks)) {
        const browser = await open(options), page = await browser.newPage();
        const wrong = [], wide = [], bare = [], invalid = [], unprinted = [];
        page.on('request', (request) => { if (!request.isNavigationRequest() && !/^(data|file):/.test(request.url())) asked.push(request.url()); });
        page.on('console', (message) => { if (message.type() === 'error' && !/status of 404/.test(message.text())) troubles.push(page.url() + ' ' + message.text()); });
        page.on('pageerror', (error) => troubles.push(page.url() + ' ' + error));
        for (const [kind, address] of pages) {
            const answer = await page.goto(address);
            if (!(await page.locator('h1').isVisible())) bare.push(kind);
            if (shots) { fs.mkdirSync(shots, { recursive: true }); await page.screenshot({ path: path.join(shots, `${kind}-${look.replace(' ', '-')}.png`), fullPage: true }); }
            if (look === 'no script') continue;
            if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) wide.push(kind);
            const found = await (await browser.newCDPSession(page)).send('Runtime.evaluate', { expression: `${axe};axe.run(document,{runOnly:['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}).then(r=>JSON.stringify(r.violations.map(v=>[v.id,v.nodes[0].target.join(' '),v.nodes[0].failureSummary])))`, awaitPromise: true, returnByValue: true });
            for (const violation of JSON.parse(found.result.value ?? '[["axe did not run"]]')) wrong.push([kind, ...violation]);
            if (look !== 'light') continue;
            const text = (await answer.text()).replace(/(<svg[^>]*>)[^]*?<\/svg>/g, '$1</svg>');
            for (const result of (await validator.validateString(text, kind)).results) for (const message of result.messages) invalid.push(`${kind}:${message.line} ${message.ruleId} ${message.message}`);
            const pdf = await page.pdf({ format: 'A4' });
            await page.emulateMedia({ media: 'print' });
            if (pdf.subarray(0, 5).toString() !== '%PDF-' || await page.locator('nav').first().isVisible() || !(await page.locator('h1').isVisible())) unprinted.push(kind);
            if (shots) fs.writeFileSync(path.join(shots, `${kind}.pdf`), pdf);
            await page.emulateMedia({ media: null });
        }
        check(bare.length === 0, `each page has a heading (${look})`, bare);
        if (look !== 'no script') check(wrong.length === 0, `axe finds nothing (${look})`, wrong.slice(0, 6));
        if (look !== 'no script') check(wide.length === 0, `no page scrolls sideways (${look})`, wide);
        if (look === 'light') check(invalid.length === 0, 'pages are valid HTML', invalid.slice(0, 8));
        if (look === 'light') check(unprinted.length === 0, 'pages print without the navigation', unprinted);
        if (look === 'phone') {
            await page.goto(new Map(pages).get('report'));
            const right = await page.$eval('#table-2 tbody td:nth-of-type(1)', (cell) => cell.getBoundingClientRect().right);
            check(right <= 360, 'the first figure of a report is seen without scrolling (phone)', right);
            const work = await page.$eval('#table-2 tbody', (body) => body.textContent);
            check(work.includes('tg128') && !work.includes('n_gen=128'), 'a report names a workload once', work);
        }
        if (look === 'light') {
            await page.goto(new Map(pages).get('versions'));
            check(/better|worse/.test(await page.locator('#pair tbody').textContent()), 'two versions stand side by side with their verdict', await page.locator('#pair').textContent());
        }
        await browser.close();
    }
    check(asked.length === 0, 'no page asks for anything', asked.slice(0, 5));
    check(troubles.length === 0, 'no error and no breach of the policy', troubles.slice(0, 5));
    console.log(`1..${number}`);
    process.exit(failed > 0 ? 1 : 0);
};

if (verb === 'results') results(rest[0]);
else await visit(rest[0], rest[1], rest.slice(2).map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));
