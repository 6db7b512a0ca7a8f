// mailauth over a file of cases (a JSON object a line): peer_mailauth.js CASES MODULES; a result a line.
'use strict';
const fs = require('fs');
const path = require('path');

const [casesFile, modules] = process.argv.slice(2);
const load = name => require(path.resolve(modules, 'mailauth/lib', name));
const { spf } = load('spf');
const { dkimVerify } = load('dkim/verify');
const { dmarc } = load('dmarc');

const failure = code => Object.assign(new Error(code), { code });

const find = (zone, name) => {
    if (zone[name]) {
        return zone[name];
    }
    const labels = name.split('.');
    for (let i = 1; i < labels.length; i++) {
        const above = labels.slice(i).join('.');
        if (zone[`*.${above}`]) {
            return zone[`*.${above}`];
        }
        if (zone[above]) {
            return undefined;
        }
    }
    return undefined;
};

const shape = (type, value) => {
    if (type === 'TXT') {
        return (Array.isArray(value) ? value : [value]);
    }
    return type === 'MX' ? { priority: value[0], exchange: value[1] } : value;
};

// As dns.promises.resolve would answer.
const resolver = zone => async (name, type = 'A') => {
    name = name.toLowerCase().replace(/\.$/, '');
    for (let i = 0; i < 8; i++) {
        const types = find(zone, name);
        if (!types) {
            throw failure('ENOTFOUND');
        }
        if (types.ERR) {
            throw failure(types.ERR === 'TIMEOUT' ? 'ETIMEOUT' : 'ESERVFAIL');
        }
        if (types.CNAME) {
            name = types.CNAME[0].toLowerCase();
        } else if (types[type]) {
            return types[type].map(value => shape(type, value));
        } else {
            throw failure('ENODATA');
        }
    }
    throw failure('ESERVFAIL');
};

const run = {
    async spf(item) {
        const found = await spf({ sender: item.sender, ip: item.ip, helo: item.helo, mta: 'mx.receiver.example', resolver: resolver(item.zone) });
        return [found.status.result, found.status.comment];
    },
    async dkim(item) {
        const found = await dkimVerify(fs.readFileSync(item.file), { resolver: resolver(item.zone) });
        const all = found.results || [];
        return all.length ? [all[0].status.result, all[0].status.comment] : ['none', ''];
    },
    async dmarc(item) {
        const found = await dmarc({
            headerFrom: [`a@${item.author}`],
            spfDomains: item.spf.result === 'pass' ? [item.spf.domain] : [],
            dkimDomains: item.dkim.filter(s => s.result === 'pass').map(s => ({ domain: s.domain })),
            resolver: resolver(item.zone)
        });
        return [found.status.result, found.error || found.status.comment];
    }
};

(async () => {
    for (const line of fs.readFileSync(casesFile, 'utf8').split('\n').filter(Boolean)) {
        const item = JSON.parse(line);
        let result, detail;
        try {
            [result, detail] = await run[item.method](item);
        } catch (err) {
            [result, detail] = ['crash', err.message];
        }
        process.stdout.write(JSON.stringify({ id: item.id, peer: 'mailauth', result, detail: String(detail || '') }) + '\n');
    }
})();
