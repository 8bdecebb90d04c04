// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IProtocol } from "../../src/interfaces/IProtocol.sol";
import { Deployment, IUsageLedger } from "../../src/interfaces/IUsageLedger.sol";
import { Receipt } from "../../src/lib/Receipts.sol";
import { CopyId } from "../../src/lib/Types.sol";
import { ServingBase } from "../helpers/ServingBase.sol";

contract OpenDeploymentTest is ServingBase {
    function test_error_NotHost(address caller) public {
        vm.assume(caller != BUYER);
        _expect(abi.encodeWithSelector(IUsageLedger.NotHost.selector, caller, BUYER), caller, copyId, URL, OPERATOR);
    }

    function test_error_ProtocolPaused() public {
        vm.prank(GUARDIAN);
        protocol.pause();
        bytes memory refused = abi.encodeWithSelector(IProtocol.ProtocolPaused.selector, START + 7 days);
        _expect(refused, BUYER, copyId, URL, OPERATOR);
    }

    function test_error_CopyNotActive() public {
        CopyId id = _closing(BUYER, root);
        _expect(abi.encodeWithSelector(IUsageLedger.CopyNotActive.selector, id), BUYER, id, URL, OPERATOR);
    }

    function test_error_UrlLength() public {
        _expect(abi.encodeWithSelector(IUsageLedger.UrlLength.selector, 0, 256), BUYER, copyId, "", OPERATOR);
        string memory long = string(new bytes(257));
        _expect(abi.encodeWithSelector(IUsageLedger.UrlLength.selector, 257, 256), BUYER, copyId, long, OPERATOR);
    }

    function test_error_OperatorMissing() public {
        _expect(abi.encodeWithSelector(IUsageLedger.OperatorMissing.selector), BUYER, copyId, URL, address(0));
    }

    function test_error_OperatorCapMissing() public {
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.OperatorCapMissing.selector));
        vm.prank(BUYER);
        ledger.openDeployment(copyId, URL, 0, STRANGER, 0);
    }

    /// A key's cap cannot change: its receipts would change their validity.
    function test_error_OperatorCapDiffers(uint64 cap) public {
        vm.assume(cap != CAP && cap != 0);
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.OperatorCapDiffers.selector, OPERATOR, CAP, cap));
        vm.prank(BUYER);
        ledger.openDeployment(copyId, URL, 0, OPERATOR, cap);
    }

    /// A revoked key cannot be added again, because a second term would void its receipts of the first.
    function test_error_OperatorRevoked_P33() public {
        vm.prank(BUYER);
        ledger.revokeOperator(copyId, OPERATOR);
        bytes memory refused = abi.encodeWithSelector(IUsageLedger.OperatorRevoked.selector, OPERATOR, epoch);
        _expect(refused, BUYER, copyId, URL, OPERATOR);
    }

    function test_default(uint96 price, address operator, uint64 cap) public {
        vm.assume(operator != address(0) && operator != OPERATOR && cap > 0);
        vm.expectEmit(address(ledger));
        emit IUsageLedger.DeploymentOpened(copyId, 2, operator, price, keccak256(bytes(URL)), URL);
        vm.prank(BUYER);
        vm.assertEq(ledger.openDeployment(copyId, URL, price, operator, cap), 2, "number");
        Deployment memory opened = ledger.deployments(copyId, 2);
        vm.assertEq(opened.operator, operator, "operator");
        vm.assertEq(opened.price, price, "price");
        vm.assertEq(opened.urlHash, keccak256(bytes(URL)), "url");
        vm.assertEq(ledger.keyTerms(copyId, operator).from, epoch, "signs from now on");
        vm.assertEq(ledger.keyTerms(copyId, operator).cap, cap, "cap");
    }

    function _expect(bytes memory revertData, address caller, CopyId id, string memory url, address operator) private {
        vm.expectRevert(revertData);
        vm.prank(caller);
        ledger.openDeployment(id, url, 0, operator, CAP);
    }
}

contract SameOperatorTest is ServingBase {
    /// One key may sign for several deployments of a copy. Its term begins with the first.
    function test_default() public {
        vm.warp(block.timestamp + 3 * DAY);
        vm.prank(BUYER);
        ledger.openDeployment(copyId, "https://second.example/v1", 0, OPERATOR, CAP);
        vm.assertEq(ledger.keyTerms(copyId, OPERATOR).from, epoch, "from");
        vm.assertEq(ledger.keyTerms(copyId, OPERATOR).until, type(uint64).max, "until");
    }
}

contract CloseDeploymentTest is ServingBase {
    function test_error_DeploymentUnknown(uint32 number) public {
        vm.assume(number != 1);
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.DeploymentUnknown.selector, copyId, number));
        vm.prank(BUYER);
        ledger.closeDeployment(copyId, number);
    }

    function test_default() public {
        vm.expectEmit(address(ledger));
        emit IUsageLedger.DeploymentClosed(copyId, 1);
        vm.prank(BUYER);
        ledger.closeDeployment(copyId, 1);
        vm.assertEq(ledger.deployments(copyId, 1).urlHash, 0, "closed");
    }
}

contract RevokeOperatorTest is ServingBase {
    function test_error_NotHost(address caller) public {
        vm.assume(caller != BUYER);
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.NotHost.selector, caller, BUYER));
        vm.prank(caller);
        ledger.revokeOperator(copyId, OPERATOR);
    }

    function test_error_OperatorUnknown() public {
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.OperatorUnknown.selector, copyId, STRANGER, epoch));
        vm.prank(BUYER);
        ledger.revokeOperator(copyId, STRANGER);
    }

    function test_error_OperatorRevoked() public {
        vm.prank(BUYER);
        ledger.revokeOperator(copyId, OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.OperatorRevoked.selector, OPERATOR, epoch));
        vm.prank(BUYER);
        ledger.revokeOperator(copyId, OPERATOR);
    }

    /// Receipts of epochs within the key's term stay binding. Receipts of earlier or later epochs are void.
    function test_default_P33() public {
        Receipt memory receipt = _receipt(0);
        vm.expectEmit(address(ledger));
        emit IUsageLedger.OperatorRevocation(copyId, OPERATOR, epoch);
        vm.prank(BUYER);
        ledger.revokeOperator(copyId, OPERATOR);

        ledger.requireReceipt(receipt, _sign(receipt));
        receipt.epoch = epoch + 1;
        _expectUnknown(receipt);
        receipt.epoch = epoch - 1;
        _expectUnknown(receipt);
    }

    function _expectUnknown(Receipt memory receipt) private {
        bytes memory signature = _sign(receipt);
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.OperatorUnknown.selector, copyId, OPERATOR, receipt.epoch));
        ledger.requireReceipt(receipt, signature);
    }
}
