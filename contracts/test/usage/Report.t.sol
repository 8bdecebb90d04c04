// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Terms } from "../../src/interfaces/IModelRegistry.sol";
import { IUsageLedger } from "../../src/interfaces/IUsageLedger.sol";
import { Receipt, Receipts, Report } from "../../src/lib/Receipts.sol";
import { CopyId, ModelId } from "../../src/lib/Types.sol";
import { ServingBase } from "../helpers/ServingBase.sol";
import { ECDSA } from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice A smart-contract wallet (ERC-1271) that returns a preset answer.
contract WalletContract {
    bytes32 private immutable DIGEST;

    constructor(bytes32 digest) {
        DIGEST = digest;
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        return digest == DIGEST ? this.isValidSignature.selector : bytes4(0);
    }
}

contract ReportTest is ServingBase {
    using Receipts for Report;

    function test_error_NotReporter(address caller) public {
        vm.assume(caller != BUYER && caller != OPERATOR);
        _afterEpoch();
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.NotReporter.selector, copyId, caller, epoch));
        vm.prank(caller);
        ledger.report(copyId, epoch, 1, 1, MANIFEST_ROOT);
    }

    function test_error_EpochRunning(uint64 later) public {
        later = uint64(_bound(later, epoch, type(uint64).max));
        Report memory filed = _twoReceipts();
        filed.epoch = later;
        _expect(abi.encodeWithSelector(IUsageLedger.EpochRunning.selector, later, epoch), filed);
    }

    function test_error_ReportLate() public {
        Report memory filed = _twoReceipts();
        _afterGrace();
        uint64 deadline = (epoch + 2) * DAY;
        _expect(abi.encodeWithSelector(IUsageLedger.ReportLate.selector, deadline + 1, deadline), filed);
    }

    function test_error_ReportedBefore() public {
        Report memory filed = _twoReceipts();
        _afterEpoch();
        _file(filed);
        _expect(abi.encodeWithSelector(IUsageLedger.ReportedBefore.selector, copyId, epoch), filed);
    }

    function test_error_ReportEmpty() public {
        _afterEpoch();
        _expect(abi.encodeWithSelector(IUsageLedger.ReportEmpty.selector), Report(copyId, epoch, 0, 0, URL_ROOT));
        _expect(abi.encodeWithSelector(IUsageLedger.ReportEmpty.selector), Report(copyId, epoch, 1, 1, 0));
    }

    function test_error_UnitsBelowCount(uint64 count, uint64 units) public {
        count = uint64(_bound(count, 1, type(uint64).max));
        units = uint64(_bound(units, 0, count - 1));
        _afterEpoch();
        _expect(
            abi.encodeWithSelector(IUsageLedger.UnitsBelowCount.selector, units, count),
            Report(copyId, epoch, count, units, URL_ROOT)
        );
    }

    /// A copy that has ended reports its last epoch, and none after.
    function test_error_CopyEnded() public {
        vm.prank(BUYER);
        copyRegistry.close(copyId);
        _afterEpoch();
        _file(_twoReceipts());
        vm.warp((uint256(epoch) + 2) * DAY);
        Report memory filed = _twoReceipts();
        filed.epoch = epoch + 1;
        _expect(abi.encodeWithSelector(IUsageLedger.CopyEnded.selector, copyId, epoch + 1, epoch), filed);
    }

    /// A key reports at most its cap. The host may report more.
    function test_error_UnitsAboveCap() public {
        _afterEpoch();
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.UnitsAboveCap.selector, OPERATOR, CAP + 1, CAP));
        vm.prank(OPERATOR);
        ledger.report(copyId, epoch, 1, CAP + 1, URL_ROOT);
    }

    /// Ten times the fee is locked. Anyone can add collateral.
    function test_error_CollateralTooLow_P36() public {
        _afterEpoch();
        Report memory filed = Report(copyId, epoch, 1, 5001, URL_ROOT);
        _expect(abi.encodeWithSelector(IUsageLedger.CollateralTooLow.selector, 50e6, 50.01e6), filed);
        _addCollateral(0.01e6);
        _file(filed);
        vm.assertEq(ledger.locked(copyId), 50.01e6, "locked");
    }

    /// Slashed collateral does not back reports.
    function test_error_CollateralTooLow_P25() public {
        vm.prank(COURT);
        copyRegistry.slash(copyId, 40e6, type(uint256).max, "offence");
        _afterEpoch();
        _expect(
            abi.encodeWithSelector(IUsageLedger.CollateralTooLow.selector, 10e6, 20e6),
            Report(copyId, epoch, 1, 2000, URL_ROOT)
        );
    }

    /// What is owed counts with what is locked.
    function test_error_CollateralTooLow_owed() public {
        _withoutEscrow();
        _afterEpoch();
        _file(Report(copyId, epoch, 1, 4000, URL_ROOT));
        vm.warp((uint256(epoch) + 2) * DAY);
        Report memory filed = Report(copyId, epoch + 1, 1, 546, URL_ROOT);
        _expect(abi.encodeWithSelector(IUsageLedger.CollateralTooLow.selector, 50e6, 50.006e6), filed);
        filed.units = 545;
        _file(filed);
        vm.assertEq(ledger.owed(copyId), 4.545e6, "owed");
        vm.assertEq(ledger.locked(copyId), 45.45e6, "locked");
    }

    /// The fee is rounded up once for a report.
    function test_behavior_theFeeIsRoundedUpOnce(uint32 units, uint32 fee) public {
        units = uint32(_bound(units, 1, type(uint32).max));
        Terms memory terms = _terms();
        (terms.fee, terms.collateral) = (fee, type(uint64).max >> 8);
        ModelId model = _register(CREATOR, terms, _refs());
        CopyId id = _active(BUYER, model);
        uint256 expected = (uint256(units) * fee + 999_999) / 1_000_000;
        vm.assertEq(ledger.feeOf(id, units), expected, "rounded up");
        _afterEpoch();
        vm.prank(BUYER);
        ledger.report(id, epoch, 1, units, URL_ROOT);
        vm.assertEq(ledger.owed(id), expected, "owed");
    }

    function test_default(uint64 count, uint64 units) public {
        units = uint64(_bound(units, 1, 5000));
        count = uint64(_bound(count, 1, units));
        _afterEpoch();
        vm.expectEmit(address(ledger));
        emit IUsageLedger.Reported(copyId, epoch, count, units, URL_ROOT, units * 1000, 0, units * 10_000);
        Report memory filed = Report(copyId, epoch, count, units, URL_ROOT);
        uint256 before = treasury.earned(root);
        _file(filed);
        vm.assertEq(ledger.reportHash(copyId, epoch), filed.hash(), "filed");
        vm.assertEq(ledger.escrows(copyId).escrow, 100e6 - units * 1000, "debited");
        vm.assertEq(usd.balanceOf(address(ledger)), 100e6 - units * 1000, "to the unit");
        vm.assertEq(treasury.earned(root) - before, uint256(units) * 900, "nine tenths for the model");
        vm.assertEq(ledger.locked(copyId), uint256(units) * 10_000, "ten times the fee");
        vm.assertEq(ledger.reportedUnits(copyId), units, "reported");
    }

    /// An operator key of the epoch may report. A key of another epoch may not.
    function test_behavior_theOperatorReports_P33() public {
        vm.prank(BUYER);
        ledger.revokeOperator(copyId, OPERATOR);
        _afterEpoch();
        vm.prank(OPERATOR);
        ledger.report(copyId, epoch, 1, 1, URL_ROOT);
        vm.warp((uint256(epoch) + 2) * DAY);
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.NotReporter.selector, copyId, OPERATOR, epoch + 1));
        vm.prank(OPERATOR);
        ledger.report(copyId, epoch + 1, 1, 1, URL_ROOT);
    }

    /// Reporting works while paused and after closing, and a pause extends the grace.
    function test_behavior_pausedAndClosing_P26_P42() public {
        Report memory filed = _twoReceipts();
        vm.prank(BUYER);
        copyRegistry.close(copyId);
        _afterEpoch();
        vm.prank(GUARDIAN);
        protocol.pause();
        vm.warp((uint256(epoch) + 7) * DAY);
        _file(filed);
        vm.assertTrue(ledger.reportHash(copyId, epoch) != 0, "filed");
    }

    /// Whenever reports come, a lock lasts for one thaw at least and two at most.
    function test_audit_21_locksLastOneThawToTwo(uint8[12] memory waits) public {
        uint64[] memory at_ = new uint64[](waits.length);
        for (uint256 i; i < waits.length; ++i) {
            vm.warp((uint256(protocol.epoch()) + 1 + waits[i] % 12) * DAY);
            at_[i] = protocol.epoch();
            _file(Report(copyId, at_[i] - 1, 1, uint64(1 << i), URL_ROOT));
            uint256 locked = ledger.locked(copyId) / 10_000;
            for (uint256 j; j <= i; ++j) {
                bool isLocked = locked >> j & 1 == 1;
                if (at_[i] - at_[j] < 9) vm.assertTrue(isLocked, "for one thaw at least");
                if (at_[i] - at_[j] >= 18) vm.assertFalse(isLocked, "for two thaws at most");
            }
        }
        vm.warp(block.timestamp + 18 * DAY);
        vm.assertEq(ledger.locked(copyId), 0, "all locks expired");
    }

    /// The cost of a report does not depend on its count.
    function test_behavior_gasIsIndependentOfTheCount_P7() public {
        vm.warp((uint256(epoch) + 2) * DAY);
        uint256 one = _gasOf(Report(copyId, epoch, 1, 1, URL_ROOT));
        uint256 many = _gasOf(Report(copyId, epoch + 1, 4000, 4000, URL_ROOT));
        vm.assertLe(many, one, "gas");
    }

    bytes32 private constant URL_ROOT = keccak256("root");

    function _gasOf(Report memory filed) private returns (uint256) {
        vm.prank(BUYER);
        uint256 before = gasleft();
        ledger.report(filed.copyId, filed.epoch, filed.count, filed.units, filed.receiptsRoot);
        return before - gasleft();
    }

    function _withoutEscrow() private {
        vm.prank(BUYER);
        ledger.requestWithdrawal(copyId, 100e6);
        vm.warp(START + 2 days);
        ledger.withdraw(copyId);
        epoch = protocol.epoch();
    }

    function _addCollateral(uint96 amount) private {
        _fund(HOLDER, address(copyRegistry), amount);
        vm.prank(HOLDER);
        copyRegistry.addCollateral(copyId, amount);
    }

    function _expect(bytes memory revertData, Report memory filed) private {
        vm.expectRevert(revertData);
        _file(filed);
    }
}

contract ReportSignedTest is ServingBase {
    function test_error_SignatureInvalid() public {
        Report memory filed = _twoReceipts();
        _afterEpoch();
        bytes memory signature = _signature(0xbad, ledger.reportDigest(filed));
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.SignatureInvalid.selector, OPERATOR));
        ledger.reportSigned(filed, OPERATOR, signature);
    }

    /// Every field is signed.
    function test_error_SignatureInvalid_P31(uint8 which) public {
        Report memory filed = _twoReceipts();
        _afterEpoch();
        bytes memory signature = _signature(OPERATOR_KEY, ledger.reportDigest(filed));
        which = which % 4;
        if (which == 0) filed.epoch -= 1;
        if (which == 1) filed.count -= 1;
        if (which == 2) filed.units += 1;
        if (which == 3) filed.receiptsRoot = keccak256("other");
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.SignatureInvalid.selector, OPERATOR));
        ledger.reportSigned(filed, OPERATOR, signature);
    }

    function test_default(address relayer) public {
        Report memory filed = _twoReceipts();
        _afterEpoch();
        bytes memory signature = _signature(OPERATOR_KEY, ledger.reportDigest(filed));
        vm.prank(relayer);
        ledger.reportSigned(filed, OPERATOR, signature);
        vm.assertTrue(ledger.reportHash(copyId, epoch) != 0, "filed");
    }

    /// A host may use a smart-contract wallet.
    function test_behavior_aSmartContractWallet_P34() public {
        Report memory filed = _twoReceipts();
        _afterEpoch();
        vm.etch(BUYER, address(new WalletContract(ledger.reportDigest(filed))).code);
        ledger.reportSigned(filed, BUYER, "whatever it likes");
        vm.assertTrue(ledger.reportHash(copyId, epoch) != 0, "filed");

        filed.epoch -= 1;
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.SignatureInvalid.selector, BUYER));
        ledger.reportSigned(filed, BUYER, "whatever it likes");
    }
}

contract RequireReceiptTest is ServingBase {
    uint256 private constant CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    /// Every field of the receipt is signed: changing one recovers another signer.
    function test_error_P31(uint8 which) public {
        Receipt memory receipt = _receipt(7);
        bytes memory signature = _sign(receipt);
        which = which % 7;
        if (which == 6) receipt.user = STRANGER;
        if (which == 0) receipt.epoch += 1;
        if (which == 1) receipt.index += 1;
        if (which == 2) receipt.promptHash = keccak256("other");
        if (which == 3) receipt.responseHash = keccak256("other");
        if (which == 4) receipt.units += 1;
        if (which == 5) receipt.issuedAt += 1;
        _expectAnySigner(receipt, signature);
    }

    /// A receipt of one copy is not valid for another copy of the same host and key.
    function test_error_anotherCopy_P32() public {
        Receipt memory receipt = _receipt(0);
        bytes memory signature = _sign(receipt);
        receipt.copyId = _active(BUYER, root);
        vm.prank(BUYER);
        ledger.openDeployment(receipt.copyId, URL, 0, OPERATOR, CAP);
        _expectAnySigner(receipt, signature);
    }

    /// A receipt is valid on one chain and in one contract only.
    function test_error_anotherChain_P32() public {
        Receipt memory receipt = _receipt(0);
        bytes memory signature = _sign(receipt);
        vm.chainId(1);
        _expectAnySigner(receipt, signature);
    }

    /// The malleable variant of a signature is rejected.
    function test_error_malleable_P34() public {
        Receipt memory receipt = _receipt(0);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(OPERATOR_KEY, ledger.receiptDigest(receipt));
        bytes32 other = bytes32(CURVE_ORDER - uint256(s));
        bytes memory signature = abi.encodePacked(r, other, v == 27 ? uint8(28) : uint8(27));
        vm.expectRevert(abi.encodeWithSelector(ECDSA.ECDSAInvalidSignatureS.selector, other));
        ledger.requireReceipt(receipt, signature);
    }

    function test_error_OperatorUnknown(uint256 key) public {
        key = _bound(key, 0x0c, 1e30);
        Receipt memory receipt = _receipt(0);
        bytes memory signature = _sign(key, receipt);
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.OperatorUnknown.selector, copyId, vm.addr(key), epoch));
        ledger.requireReceipt(receipt, signature);
    }

    /// A key signs for at most its cap of units.
    function test_error_UnitsAboveCap() public {
        Receipt memory receipt = _receipt(0);
        receipt.units = CAP + 1;
        bytes memory signature = _sign(receipt);
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.UnitsAboveCap.selector, OPERATOR, CAP + 1, CAP));
        ledger.requireReceipt(receipt, signature);
    }

    /// Keys follow the copy: they sign through the end of the epoch in which it closes or loses its collateral.
    function test_error_CopyEnded(bool slashed) public {
        if (slashed) {
            vm.prank(COURT);
            copyRegistry.slash(copyId, 50e6, type(uint256).max, "offence");
        } else {
            vm.prank(BUYER);
            copyRegistry.close(copyId);
        }
        Receipt memory receipt = _receipt(0);
        ledger.requireReceipt(receipt, _sign(receipt));
        receipt.epoch += 1;
        bytes memory signature = _sign(receipt);
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.CopyEnded.selector, copyId, epoch + 1, epoch));
        ledger.requireReceipt(receipt, signature);
    }

    /// Receipts older than a thaw no longer count, because a stolen old key could sign them.
    function test_error_ReceiptTooOld_P33() public {
        Receipt memory receipt = _receipt(0);
        bytes memory signature = _sign(receipt);
        uint64 deadline = epoch * DAY + THAW - 1;
        vm.warp(deadline);
        ledger.requireReceipt(receipt, signature);
        vm.warp(deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.ReceiptTooOld.selector, epoch, deadline + 1, deadline));
        ledger.requireReceipt(receipt, signature);
    }

    function test_default() public view {
        Receipt memory receipt = _receipt(3);
        vm.assertEq(ledger.requireReceipt(receipt, _sign(receipt)), Receipts.hash(receipt), "hash");
    }

    function _expectAnySigner(Receipt memory receipt, bytes memory signature) private view {
        try ledger.requireReceipt(receipt, signature) {
            vm.assertTrue(false, "accepted");
        } catch (bytes memory reason) {
            vm.assertTrue(bytes4(reason) == IUsageLedger.OperatorUnknown.selector, "another signer was recovered");
        }
    }
}
