import '@fontsource-variable/inter/wght.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/app';
import { StartFailed } from './app/start-failed';
import { connectBridge } from './api/bridge';
import './ui/i18n';

const container = document.getElementById('root');
if (container === null) throw new Error('index.html has no #root.');
const root = createRoot(container);

// The shell shows at once; only the calls it makes wait for the bridge, which is at hand on the desktop and one
// exchange of the session's token away in the browser.
connectBridge().then(
  () => root.render(<App />),
  (error: unknown) => root.render(<StartFailed error={error} />),
);
