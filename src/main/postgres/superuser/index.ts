export { findSuperuserRisk, type OtherHand, type SuperuserRisk } from './find-superuser-risk';
export { refuseSuperuser } from './refuse-superuser';
export { describeOthers, describePowers } from './describe-risk';
