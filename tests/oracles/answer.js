// How long X and Bluesky themselves find a text, and what Bluesky finds in it: a line of JSON for each line of JSON.
const { createInterface } = require("node:readline");
const { RichText } = require("@atproto/api");
const { parseTweet } = require("twitter-text");

const detected = (text) => {
  const rich = new RichText({ text });
  rich.detectFacetsWithoutResolution();
  const facets = (rich.facets ?? []).map(({ index, features }) => ({ index, features }));
  return facets.sort((a, b) => a.index.byteStart - b.index.byteStart);
};

const marked = (text, facets) =>
  [...new RichText({ text, facets }).segments()].filter(({ facet }) => facet).map((segment) => segment.text);

console.log("{}");
createInterface({ input: process.stdin }).on("line", (line) => {
  const { text, facets = [] } = JSON.parse(line);
  const { weightedLength, valid } = parseTweet(text);
  const graphemes = new RichText({ text }).graphemeLength;
  console.log(JSON.stringify({ weightedLength, valid, graphemes, detected: detected(text), marked: marked(text, facets) }));
});
