/**
 * Every colour of the console, light and dark. Chosen for contrast: text on its own ground reaches at least 4.5:1
 * (WCAG 2.2 AA), borders that carry meaning 3:1. A test computes the ratios.
 */
export interface Tone {
  /** Text and icons on `ground`. */
  readonly ink: string;
  readonly ground: string;
}

interface Palette {
  readonly page: string;
  readonly surface: string;
  readonly ink: string;
  readonly inkSoft: string;
  readonly line: string;
  /** Outline of inputs: 3:1 against the surface. */
  readonly outline: string;
  readonly primary: string;
  /** Of a button with the pointer on it: MUI would darken it in the dark theme too, against its own text. */
  readonly primaryHover: string;
  readonly onPrimary: string;
  readonly primarySoft: string;
  /** The navigation, dark in both themes. */
  readonly rail: string;
  readonly railInk: string;
  readonly railInkSoft: string;
  readonly railSelected: string;
  readonly railAccent: string;
  readonly success: Tone;
  readonly warning: Tone;
  readonly error: Tone;
  readonly info: Tone;
  readonly neutral: Tone;
  /** Series of charts, distinguishable also without colour vision; the last stands for "all others". */
  readonly chart: readonly string[];
}

export const light: Palette = {
  page: '#f5f5f2',
  surface: '#ffffff',
  ink: '#1a2226',
  inkSoft: '#566269',
  line: '#dfe1dd',
  outline: '#868f92',
  primary: '#0d6069',
  primaryHover: '#094349',
  onPrimary: '#ffffff',
  primarySoft: '#e0eff0',
  rail: '#102b31',
  railInk: '#f0f6f6',
  railInkSoft: '#a9c3c7',
  railSelected: '#1d444c',
  railAccent: '#f0b35b',
  success: { ink: '#17603a', ground: '#e0f1e6' },
  warning: { ink: '#7a4a00', ground: '#fcefd6' },
  error: { ink: '#9c2420', ground: '#fbe6e3' },
  info: { ink: '#1f4f8f', ground: '#e3edf9' },
  neutral: { ink: '#4c575c', ground: '#e9ebe8' },
  chart: [
    '#0d6069',
    '#c06c12',
    '#5b4b9e',
    '#2f7d4f',
    '#b03a5b',
    '#3a72b8',
    '#8a6d1f',
    '#7a4b7e',
    '#4c8a93',
    '#a0522d',
    '#838c90',
  ],
};

export const dark: Palette = {
  page: '#11171a',
  surface: '#192024',
  ink: '#e7ecec',
  inkSoft: '#a3b0b4',
  line: '#2f393e',
  outline: '#718085',
  primary: '#72c7cf',
  primaryHover: '#92d6dc',
  onPrimary: '#06262b',
  primarySoft: '#1b3a40',
  rail: '#0b1417',
  railInk: '#e7f0f0',
  railInkSoft: '#97adb1',
  railSelected: '#1a3238',
  railAccent: '#f0b35b',
  success: { ink: '#8cd7a6', ground: '#17321f' },
  warning: { ink: '#f2c27a', ground: '#3b2b10' },
  error: { ink: '#f5a79f', ground: '#421d1b' },
  info: { ink: '#a0c5f4', ground: '#1b2d47' },
  neutral: { ink: '#bcc7ca', ground: '#2b3438' },
  chart: [
    '#5fbcc6',
    '#eea353',
    '#a79be0',
    '#7ccb98',
    '#e88aa5',
    '#86b3ec',
    '#d3b968',
    '#c49ac8',
    '#93cdd4',
    '#d99a78',
    '#98a4a8',
  ],
};
