import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { contentSecurityPolicy } from '../../shared/content-security-policy';
import { permissionsPolicy } from '../../shared/permissions-policy';
import type { Refusal } from './refusal';

const drainLimitMs = 5_000;

/** Sets the headers every answer has, refusals included, and answers the nonce its policy names. No CORS. */
export function setSecurityHeaders(response: ServerResponse): string {
  const nonce = randomBytes(16).toString('base64');
  response.setHeader('Content-Security-Policy', contentSecurityPolicy(nonce));
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Frame-Options', 'DENY');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Permissions-Policy', permissionsPolicy);
  response.setHeader('Cache-Control', 'no-store');
  return nonce;
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  if (response.destroyed || response.headersSent) return;
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** Answers a refusal. What is left of the request's body is read away for a while, so that the answer arrives. */
export function sendRefusal(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  if (!request.complete) {
    response.setHeader('Connection', 'close');
    const giveUp = setTimeout(() => request.destroy(), drainLimitMs);
    giveUp.unref();
    request.once('close', () => {
      clearTimeout(giveUp);
    });
    request.resume();
  }
  sendJson(response, refusal.status, refusal.toEnvelope());
}
