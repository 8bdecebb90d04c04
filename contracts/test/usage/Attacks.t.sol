// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IChallengeCourt } from "../../src/interfaces/IChallengeCourt.sol";
import { State } from "../../src/interfaces/ICopyRegistry.sol";
import { Parameter } from "../../src/interfaces/IProtocol.sol";
import { IUsageLedger } from "../../src/interfaces/IUsageLedger.sol";
import { IUserLedger, SignedVoucher } from "../../src/interfaces/IUserLedger.sol";
import { Receipt, Report } from "../../src/lib/Receipts.sol";
import { SumNode, SumTree } from "../../src/lib/SumTree.sol";
import { CopyId } from "../../src/lib/Types.sol";
import { UsersBase } from "../helpers/UsersBase.sol";
import { WalletContract } from "./Report.t.sol";

/// @notice The attacks on metering and closing, and what they earn now. The first half of each test is the attack.
contract UsageAttackTest is UsersBase {
    // test_audit_01: *somebody else's* is gone. No challenge takes evidence that the accuser can make to order.
    // test_audit_12 cannot arise by a challenge any more: none of them burns a key.

    /// Attack: a closing copy goes on signing, and its last epochs are provable only after the collateral has left.
    function test_audit_06_aClosedCopySignsNoMore() public {
        vm.prank(BUYER);
        copyRegistry.close(copyId);
        Receipt memory last = _receipt(0);
        uint256 end = block.timestamp + THAW;
        vm.warp(end - 12 hours);
        uint64 closed = epoch;
        epoch = protocol.epoch();
        Receipt memory receipt = _receipt(0);
        bytes memory signature = _sign(receipt);
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.CopyEnded.selector, copyId, epoch, closed));
        ledger.requireReceipt(receipt, signature);

        epoch = closed;
        _unreported(CHALLENGER, last, _emptyReport());
        _assertPunished(copyId);
        vm.assertEq(usd.balanceOf(BUYER), 0, "whatever could be signed was provable first");
    }

    /// Attack: collateral that has left still backs reports.
    function test_audit_06_noPhantomCollateral() public {
        vm.prank(BUYER);
        copyRegistry.close(copyId);
        uint64 closed = epoch;
        vm.warp(block.timestamp + THAW);
        copyRegistry.withdraw(copyId);
        epoch = protocol.epoch();
        _afterEpoch();
        Report memory filed = _twoReceipts();
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.CopyEnded.selector, copyId, epoch, closed));
        _file(filed);
        vm.assertEq(copyRegistry.copies(copyId).collateral, 0, "the books follow the money");
        vm.assertEq(ledger.locked(copyId), 0, "nothing is locked");
    }

    /// Attack: governance shortens the grace, and an epoch that ended before is suddenly late.
    function test_audit_17_aShorterGraceIsNotRetroactive() public {
        Receipt memory receipt = _receipt(0);
        bytes memory signature = _sign(receipt);
        uint64 deadline = ledger.reportDeadline(epoch);
        vm.prank(OWNER);
        protocol.set(Parameter.ReportGrace, 1 hours);
        _afterEpoch();
        vm.warp(block.timestamp + 2 hours);
        Report memory nothing = _emptyReport();
        vm.expectRevert(abi.encodeWithSelector(IChallengeCourt.EpochOpen.selector, epoch, block.timestamp, deadline));
        court.unreported(receipt, signature, nothing, SALT);
        vm.assertEq(ledger.reportDeadline(epoch), deadline, "the epoch keeps its grace");
        _file(_twoReceipts());
        vm.assertEq(ledger.reportDeadline(epoch + 1), (epoch + 2) * DAY + 1 hours, "the next one has the new grace");
    }

    /// Attack: governance shortens the thaw, and an old offence outlives the collateral of a copy that closes.
    function test_audit_17_aShorterThawReleasesNothingEarly() public {
        Receipt memory receipt = _receipt(0);
        vm.prank(OWNER);
        protocol.set(Parameter.CaseWindow, 4 hours);
        vm.prank(OWNER);
        protocol.set(Parameter.AnswerWindow, 1 hours);
        _afterEpoch();
        vm.prank(BUYER);
        copyRegistry.close(copyId);
        uint64 leaves = copyRegistry.copies(copyId).deadline;
        vm.assertLe(epoch * DAY + THAW, leaves, "not before the old epoch's receipts stop counting");
        vm.warp(epoch * DAY + THAW - 1);
        _unreported(CHALLENGER, receipt, _emptyReport());
        _assertPunished(copyId);
    }

    /// Attack: receipts of a million units and a report of two, with every proof intact.
    function test_audit_18_unitsAreSummedUp() public {
        Receipt memory zero = _receipt(0);
        zero.units = CAP;
        Receipt memory one = _receipt(1);
        one.units = CAP;
        bytes32 top = SumTree.nodeOf(_leaf(zero).hash, 1, _leaf(one).hash, 1);
        Report memory filed = Report(copyId, epoch, 2, 2, SumTree.rootOf(2, SumNode(top, 2)));
        _afterEpoch();
        _file(filed);
        _afterGrace();
        bytes32 receiptHash = _missing(CHALLENGER, zero, filed);
        SumNode[] memory siblings = _siblings(SumNode(_leaf(one).hash, 1));
        vm.expectRevert(abi.encodeWithSelector(IChallengeCourt.ProofInvalid.selector, 0, 2));
        court.answer(filed, zero, siblings);
        vm.warp(court.answerDeadline(copyId, receiptHash) + 1);
        vm.assertEq(court.convict(zero), 50e6, "the host is slashed");
    }

    /// Attack: a delivered copy loses all its collateral, and is active again after the acceptance.
    function test_audit_23_aPunishedCopyIsNotServed() public {
        CopyId id = _delivered(BUYER, root);
        vm.prank(COURT);
        copyRegistry.slash(id, 50e6, type(uint256).max, "offence");
        vm.prank(BUYER);
        copyRegistry.accept(id);
        _assertPunished(id);
        vm.assertFalse(copyRegistry.isActiveHolder(id, root, BUYER), "no licence");
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.CopyNotActive.selector, id));
        vm.prank(BUYER);
        ledger.openDeployment(id, URL, 0, OPERATOR, CAP);
    }

    /// Attack: a stolen operator key files a report that charges all the host has.
    function test_audit_24_aStolenKeyPromisesNoMoreThanItsCap() public {
        address stolen = vm.addr(0x57013);
        vm.prank(BUYER);
        ledger.openDeployment(copyId, "https://small.example/v1", 0, stolen, 100);
        _afterEpoch();
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.UnitsAboveCap.selector, stolen, 4000, 100));
        vm.prank(stolen);
        ledger.report(copyId, epoch, 1, 4000, keccak256("invented"));
        vm.prank(stolen);
        ledger.report(copyId, epoch, 1, 100, keccak256("invented"));
        vm.assertEq(ledger.owed(copyId), 0.1e6, "a tenth of a dollar");
    }

    /// Attack: anyone uses up a copy's headroom by settling units for nothing, so that honest vouchers pay nothing.
    function test_paper_02_nobodyElseUsesUpAHostsHeadroom() public {
        _reportUnits(1000);
        uint256 key = 0xbad;
        SignedVoucher[] memory vouchers = new SignedVoucher[](1);
        vouchers[0] = _voucher(key, vm.addr(key), 1000, 0);
        vm.expectRevert(abi.encodeWithSelector(IUserLedger.NotHost.selector, vm.addr(key), BUYER));
        vm.prank(vm.addr(key));
        users.settle(copyId, vouchers);
        vm.assertEq(_settle(1000, 5e6), 5e6, "the host settles what it was promised");
    }

    /// Attack: a host settles more than it reported, and so under-reports against its users' will.
    function test_paper_02_noMoneyForUnreportedUnits(uint64 units) public {
        units = uint64(_bound(units, 1001, type(uint64).max));
        _reportUnits(1000);
        uint256 paid = _settle(units, 10e6);
        vm.assertEq(paid, uint256(10e6) * 1000 / units, "the reported part of the promise, rounded down");
        vm.assertEq(_settle(units, 10e6), 0, "nothing more");
        vm.assertEq(users.settledUnits(copyId), 1000, "what was reported");
    }

    /// Attack: a contract signs vouchers (ERC-1271) and changes its mind before they are settled.
    function test_paper_16_aContractCannotTakeBackItsWord() public {
        bytes32 digest = users.voucherDigest(copyId, USER, 100, 1e6);
        vm.etch(USER, address(new WalletContract(digest)).code);
        _reportUnits(1000);
        SignedVoucher memory voucher = _voucher(0xbad, USER, 100, 1e6);
        vm.expectRevert(abi.encodeWithSelector(IUserLedger.VoucherInvalid.selector, copyId, USER, vm.addr(0xbad)));
        _settle(voucher);
        vm.prank(USER);
        users.nameKey(copyId, SESSION, type(uint64).max, 1e6);
        vm.assertEq(_settle(_voucher(SESSION_KEY, USER, 100, 1e6)), 1e6, "its session key's word counts");
    }

    /// Attack: units differ from parent to child, so that a fee floor per unit means nothing.
    /// Now one unit everywhere, the token, and fees per million: a floor is inherited as it is.
    function test_paper_07_oneUnitEverywhere() public view {
        vm.assertEq(ledger.feeOf(copyId, 1_000_000), copyRegistry.copies(copyId).fee, "a million tokens cost the fee");
    }

    /// Attack: a host keeps its fees by never having an escrow.
    function test_behavior_feesOfAHostWithoutEscrowArePaid() public {
        _reportUnits(4000);
        vm.warp(ledger.owedUntil(copyId) + 1);
        vm.prank(STRANGER);
        copyRegistry.coverFees(copyId);
        vm.assertEq(treasury.earned(root), 22.5e6 + 3.6e6, "the model has its fees");
        vm.assertEq(copyRegistry.copies(copyId).collateral, 46e6, "out of the collateral");
    }
}
