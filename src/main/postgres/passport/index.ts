export { identifyDatabase } from './identify-database';
