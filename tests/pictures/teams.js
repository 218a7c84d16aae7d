// Draws cards with Microsoft's own renderer, in a page that has it and markdown-it as globals.
// `window.draw(pieces)` gives no result: it fills the elements whose ids are the pieces' names.

const MENTION = /&lt;at&gt;(.*?)&lt;\/at&gt;/g;

const colour = (named) => ({ default: named, subtle: named });
const palette = {
  default: colour("#242424"),
  dark: colour("#242424"),
  light: colour("#ffffff"),
  accent: colour("#5b5fc7"),
  good: colour("#0e700e"),
  warning: colour("#835c00"),
  attention: colour("#c4314b"),
};
const container = (background) => ({ backgroundColor: background, foregroundColors: palette });

const HOST = {
  fontFamily: '"Segoe UI", "DejaVu Sans", "Noto Color Emoji", sans-serif',
  fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
  fontWeights: { lighter: 400, default: 400, bolder: 600 },
  lineHeights: { small: 16, default: 20, medium: 22, large: 24, extraLarge: 32 },
  spacing: { small: 4, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 12 },
  separator: { lineThickness: 1, lineColor: "#e0e0e0" },
  supportsInteractivity: true,
  containerStyles: {
    default: container("#ffffff"),
    emphasis: container("#f0f0f0"),
    good: container("#e7f2da"),
    attention: container("#fcf4f6"),
    warning: container("#fbf6d9"),
    accent: container("#e8ebfa"),
  },
  actions: {
    maxActions: 6,
    spacing: "default",
    buttonSpacing: 8,
    preExpandSingleShowCardAction: false,
    showCard: { actionMode: "inline", inlineTopMargin: 8 },
    actionsOrientation: "horizontal",
    actionAlignment: "left",
  },
  inputs: { label: { inputSpacing: "small", requiredInputs: { weight: "bolder" }, optionalInputs: { weight: "bolder" } } },
  factSet: {
    title: { weight: "bolder", wrap: true, maxWidth: 160 },
    value: { wrap: true },
    spacing: 12,
  },
};

function words(text, result) {
  const html = window.markdownit({ linkify: false }).render(text);
  result.outputHtml = html.replace(MENTION, '<span class="mention">$1</span>');
  result.didProcess = true;
}

window.draw = (pieces) => {
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = words;
  for (const [name, content] of Object.entries(pieces)) {
    const card = new AdaptiveCards.AdaptiveCard();
    card.hostConfig = new AdaptiveCards.HostConfig(HOST);
    card.parse(content);
    document.getElementById(name).append(card.render());
  }
};
