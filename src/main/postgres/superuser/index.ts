export { findSuperuserRisk, type SuperuserRisk } from './find-superuser-risk';
export { refuseSuperuser, superuserRefused } from './refuse-superuser';
export { describeOthers, describePowers } from './describe-risk';
