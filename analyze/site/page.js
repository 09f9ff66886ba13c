'use strict';
(() => {
  // Everything here only adds to pages that are complete without it. No markup is made of data: text nodes only.
  const doc = document, root = doc.documentElement;
  const make = (name, attributes = {}, ...children) => {
    const element = doc.createElement(name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    element.append(...children);
    return element;
  };
  const label = (text, field) => make('label', {}, text, make('br'), field), button = (text, type = '') => make('button', {type: 'button', class: type}, text);
  const select = (id, names) => make('select', {id}, ...names.map((name, value) => make('option', {value}, name)));
  root.classList.add('on');

  // ---- theme: the system's, until someone chooses
  const kept = (value) => {
    try {
      if (value) localStorage.theme = value;
      return localStorage.theme;
    } catch {}
  };
  if (kept()) root.dataset.theme = kept();
  const dark = () => root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme:dark)').matches;
  const theme = button('', 'b');
  const nameTheme = () => theme.textContent = (dark() ? 'Light' : 'Dark') + ' theme';
  theme.onclick = () => { kept(root.dataset.theme = dark() ? 'light' : 'dark'); nameTheme(); };
  nameTheme();
  doc.querySelector('header').append(theme);

  // ---- state in the fragment, where also a page from a file may keep it: #t1.sort=3d&t1.find=max
  const state = new URLSearchParams(location.hash.includes('=') ? location.hash.slice(1) : '');
  const keep = (key, value) => {
    if (value) state.set(key, value); else state.delete(key);
    history.replaceState(null, '', '#' + state);
  };
  const live = make('p', {class: 'skip', role: 'status'});
  doc.querySelector('main').append(live);
  const say = (text) => { live.textContent = text; };

  // ---- tables
  const collator = new Intl.Collator('en', {numeric: true});
  const value = (cell) => cell.dataset.v === undefined ? cell.textContent : cell.dataset.v === '' ? null : +cell.dataset.v;
  const factor = (x) => x.toFixed(x >= 10 ? 0 : x >= 1 ? 1 : 2) + '×';
  const sortable = (table) => {
    const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0], first = [...body.rows];
    const sort = (column, down) => {
      const rows = [...body.rows].map((row) => [value(row.cells[column]), row]);
      rows.sort(([a], [b]) => {
        const none = (x) => [null, 'n/a', '–'].includes(x);
        if (none(a) || none(b)) return none(a) - none(b);
        const order = typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(a, b);
        return down ? -order : order;
      });
      body.append(...rows.map(([, row]) => row));
      heads.forEach((head, i) => i === column ? head.setAttribute('aria-sort', down ? 'descending' : 'ascending') : head.removeAttribute('aria-sort'));
    };
    heads.forEach((head, column) => {
      const press = button(head.textContent);
      head.replaceChildren(press);
      press.onclick = () => {
        const was = head.getAttribute('aria-sort'), down = was ? was === 'ascending' : head.matches('.n') && head.textContent !== '#';
        sort(column, down);
        keep(table.id + '.sort', column + (down ? 'd' : 'a'));
      };
    });
    const wanted = /^(\d+)([ad])$/.exec(state.get(table.id + '.sort'));
    if (wanted && heads[wanted[1]]) sort(+wanted[1], wanted[2] === 'd');
    return first;
  };
  const tools = (table, rows) => {
    const box = table.closest('.scroll'), all = doc.getElementById(table.id + '-all'), bar = make('div', {class: 'tools'});
    const shown = make('span', {class: 'note'}), find = make('input', {type: 'search', id: table.id + '-find', autocomplete: 'off'});
    // Where the page has a place for one search in all: its lists too. Of many items the first stand there until someone
    // searches or asks for all.
    const boxes = [box, ...all ? doc.querySelectorAll('main .links') : []].map((at) => {
      const items = at === box ? rows : [...at.children], none = make('p', {}, 'Nothing matches.');
      const more = button('Show all ' + items.length, 'b more');
      more.onclick = () => at.classList.remove('few');
      at.after(none, more);
      return [at, items, none];
    });
    const filter = () => {
      const words = find.value.toLowerCase().split(/\s+/);
      let count = 0, of = 0;
      for (const [at, items, none] of boxes) {
        const before = count;
        for (const item of items) {
          const text = item.textContent.toLowerCase();
          item.hidden = !words.every((word) => text.includes(word));
          count += !item.hidden;
        }
        at.classList.toggle('few', items.length > 60 && !find.value);
        of += items.length;
        none.hidden = !(at.hidden = items[0] && before === count);
      }
      say(shown.textContent = find.value && count + ' of ' + of);
    };
    find.oninput = () => { filter(); keep(table.id + '.find', find.value); };
    find.value = state.get(table.id + '.find') || '';
    filter();
    bar.append(label(all ? 'Chip, model or family' : 'Show rows with', find), shown);
    const factors = [...table.tHead.rows[0].cells].filter((head) => head.dataset.value);
    if (factors.length) {
      const name = (row) => row.querySelector('th'), choice = select(table.id + '-base', rows.map((row) => name(row).textContent));
      const relate = () => {
        const base = rows[choice.value];
        for (const head of factors) {
          const column = head.cellIndex, from = +head.dataset.value;
          head.firstChild.textContent = 'vs ' + name(base).textContent;
          for (const row of rows) {
            const a = value(row.cells[from]), b = value(base.cells[from]), cell = row.cells[column];
            const ratio = a > 0 && b > 0 ? (head.dataset.better > 0 ? a / b : b / a) : null;
            cell.textContent = ratio === null ? '–' : row === base ? 'baseline' : factor(ratio);
            cell.dataset.v = ratio === null ? '' : ratio;
          }
        }
        rows.forEach((row) => name(row).classList.toggle('base', row === base));
      };
      choice.onchange = () => { relate(); keep(table.id + '.base', base(rows[choice.value])); };
      const base = (row) => row.id || name(row).textContent;
      const given = rows.findIndex((row) => base(row) === state.get(table.id + '.base'));
      choice.value = given < 0 ? table.dataset.base : given;
      if (given >= 0) relate();
      bar.append(label('Baseline', choice));
    }
    (all || box).before(bar);
  };
  for (const table of doc.querySelectorAll('table[id]')) {
    const rows = sortable(table);
    if ('tools' in table.dataset && rows.length > 1) tools(table, rows);
  }

  // ---- charts: what a bar says, by pointer and by arrow keys
  const tip = make('div', {class: 'tip', hidden: ''});
  doc.body.append(tip);
  let hot = null;
  const show = (mark) => {
    hot?.classList.remove('hot');
    hot = mark;
    tip.hidden = !mark;
    if (!mark) return;
    mark.classList.add('hot');
    tip.textContent = mark.dataset.t;
    const box = mark.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(box.left + 8, innerWidth - tip.offsetWidth - 4)) + 'px';
    tip.style.top = Math.max(4, box.top - tip.offsetHeight - 6) + 'px';
  };
  for (const chart of doc.querySelectorAll('figure .scroll')) {
    const marks = [];
    for (const title of chart.querySelectorAll('svg title')) {
      const mark = title.parentNode;
      if (mark.tagName === 'svg') continue;
      mark.dataset.t = title.textContent;
      title.remove();
      if (mark.tagName !== 'text') marks.push(mark);
      mark.onpointerenter = () => show(mark);
      mark.onpointerleave = () => show(null);
    }
    chart.onkeydown = (event) => {
      const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
      if (!step || !marks.length) return;
      event.preventDefault();
      const at = marks.indexOf(hot), next = at < 0 ? (step > 0 ? 0 : marks.length - 1) : (at + step + marks.length) % marks.length;
      marks[next].scrollIntoView({block: 'nearest'});
      show(marks[next]);
      say(marks[next].dataset.t);
    };
    chart.onblur = () => show(null);
  }
  doc.addEventListener('keydown', (event) => { if (event.key === 'Escape') show(null); });
  addEventListener('scroll', () => hot && show(hot), {passive: true});

  // ---- compare any two
  const place = doc.getElementById('compare');
  if (!place) return;
  const data = JSON.parse(doc.getElementById('data').textContent), shown = make('div');
  const choose = (text, key, other) => {
    const field = select('choose-' + key, data.rows);
    const at = data.rows.indexOf(state.get(key));
    field.value = at >= 0 ? at : Math.min(other, data.rows.length - 1);
    field.onchange = () => { keep(key, data.rows[field.value]); compare(); };
    return [field, label(text, field)];
  };
  const number = (x) => x === null ? '–' : x.toLocaleString('en', Math.abs(x) >= 100 ? {maximumFractionDigits: 0} : {minimumSignificantDigits: 3, maximumSignificantDigits: 3});
  const evidence = (v) => [v[5], v[6], v[2] !== null && number(v[2]) + '–' + number(v[3]), v[4] !== null && v[4] + (v[4] === 1 ? ' run' : ' runs')].filter((word) => word).join(', ') || 'n/a';
  const [left, leftLabel] = choose('First', 'a', 0), [right, rightLabel] = choose('Second', 'b', 1);
  const compare = () => {
    const a = +left.value, b = +right.value, body = make('tbody');
    for (const figure of a === b ? [] : data.figures) {
      const x = figure.values.find((v) => v[0] === a), y = figure.values.find((v) => v[0] === b);
      if (!x || !y) continue;
      const ratio = x[1] > 0 && y[1] > 0 ? (figure.better > 0 ? y[1] / x[1] : x[1] / y[1]) : null;
      const n = (v, text = number(v)) => make('td', {class: 'n', 'data-v': v ?? ''}, text), td = (text) => make('td', {}, text);
      // Metal against CUDA is not one chip against the other alone.
      const other = x[6] && y[6] && x[6] !== y[6] ? '\u202f*' : '';
      body.append(make('tr', {}, make('th', {scope: 'row'}, make('a', {href: figure.page}, figure.work), ' (' + figure.tool + '): ' + figure.metric + (figure.unit && ', ' + figure.unit)),
        n(x[1]), n(y[1]), n(ratio, ratio === null ? '–' : factor(ratio) + other), td(evidence(x)), td(evidence(y))));
    }
    const th = (text, i) => make('th', {scope: 'col', class: i && i < 4 ? 'n' : ''}, text), [one, two] = [data.rows[a], data.rows[b]];
    const table = make('table', {id: 'c'}, make('caption', {}, two + ' against ' + one + '; of each chip the best row; factors above 1 are better, those with * of chip and backend together. Not tested here. Intervals and runs stand where sources state them.'),
      make('thead', {}, make('tr', {}, ...['Workload and metric', one, two, 'Factor', one + ': evidence', two + ': evidence'].map(th))), body);
    const pair = [data.chips[a], data.chips[b]], page = data.pages[pair] || data.pages[pair.reverse()];
    shown.replaceChildren(body.rows.length ? make('div', {class: 'scroll', role: 'region', tabindex: 0, 'aria-label': 'Comparison'}, table) : make('p', {}, a === b ? 'Choose another beside it.' : 'These two have no workload in common.'));
    if (page) shown.append(make('p', {}, make('a', {href: page}, 'Page of this pair')));
    if (body.rows.length) sortable(table);
    say(body.rows.length + ' figures in common');
  };
  place.append(make('div', {class: 'tools'}, leftLabel, rightLabel), shown);
  compare();
})();
