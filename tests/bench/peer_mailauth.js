// mailauth over a corpus: peer_mailauth.js CORPUS MESSAGES MODULES; a JSON object a message. DNS is a map in memory.
'use strict';
const fs = require('fs');
const path = require('path');

const [corpus, count, modules] = process.argv.slice(2);
const { authenticate } = require(path.resolve(modules, 'mailauth'));
const zone = JSON.parse(fs.readFileSync(path.join(corpus, 'zone.json'), 'utf8'));

const failure = code => Object.assign(new Error(code), { code });

const shape = {
    TXT: value => value.match(/.{1,255}/g),
    MX: ([priority, exchange]) => ({ priority, exchange })
};

// As dns.promises.resolve would answer.
const resolver = async (name, type = 'A') => {
    let types = zone[name.toLowerCase().replace(/\.$/, '')];
    if (types && types.CNAME) {
        types = zone[types.CNAME[0]];
    }
    if (!types) {
        throw failure('ENOTFOUND');
    }
    if (!types[type]) {
        throw failure('ENODATA');
    }
    return types[type].map(shape[type] || (value => value));
};

const best = signatures => {
    const all = (signatures || []).map(s => s.status.result);
    return ['pass', 'fail', 'neutral', 'permerror'].find(word => all.includes(word)) || all[0] || 'none';
};

const word = part => (part && part.status && part.status.result) || 'none';

(async () => {
    const [head, ...rows] = fs.readFileSync(path.join(corpus, 'expected.csv'), 'utf8').trim().split(/\r?\n/).map(l => l.split(','));
    const column = name => head.indexOf(name);
    for (const row of rows.slice(0, Number(count))) {
        const number = row[column('number')];
        const raw = fs.readFileSync(path.join(corpus, 'eml', `${number.padStart(6, '0')}.eml`));
        const found = await authenticate(raw, {
            ip: row[column('client_ip')], helo: row[column('helo')], sender: row[column('mail_from')],
            mta: 'mx.receiver.example', disableBimi: true, resolver
        });
        process.stdout.write(JSON.stringify({
            number, spf: word(found.spf), dkim: best(found.dkim.results), dmarc: word(found.dmarc), arc: word(found.arc)
        }) + '\n');
    }
})();
